/** Measures the library beside stock DJL, in turns, in one JVM. */
package io.github.caadam.experiments.benchmark;
