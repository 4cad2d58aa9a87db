// SPDX-License-Identifier: Apache-2.0
/** Measures of predictions, and which of them a run records. */
package io.github.caadam.experiments.metric;
