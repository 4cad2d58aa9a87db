// SPDX-License-Identifier: Apache-2.0
/** Distributes the runs of a study over the executors of Apache Spark. */
package io.github.caadam.spark;
