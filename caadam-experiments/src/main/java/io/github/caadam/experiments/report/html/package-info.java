// SPDX-License-Identifier: Apache-2.0
/** One self-contained HTML page about the runs of a study. */
package io.github.caadam.experiments.report.html;
