// SPDX-License-Identifier: Apache-2.0
/** Tests, effect sizes and intervals for the comparison of two samples of runs. */
package io.github.caadam.experiments.statistics;
