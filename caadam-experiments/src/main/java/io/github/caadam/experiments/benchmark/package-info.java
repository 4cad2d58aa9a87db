// SPDX-License-Identifier: Apache-2.0
/** Measures the library beside stock DJL, in turns, in one JVM. */
package io.github.caadam.experiments.benchmark;
