// SPDX-License-Identifier: Apache-2.0
/** The paper's tables as CSV, LaTeX and Markdown. */
package io.github.caadam.experiments.report;
