/** Welch and pooled t-tests of an optimizer against the Adam baseline. */
package io.github.caadam.experiments.statistics;
