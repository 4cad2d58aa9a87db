// SPDX-License-Identifier: Apache-2.0
/** Studies: which runs an experiment consists of, read from YAML. */
package io.github.caadam.experiments.study;
