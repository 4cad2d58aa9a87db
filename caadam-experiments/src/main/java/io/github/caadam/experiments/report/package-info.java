/** The paper's tables as CSV, LaTeX and Markdown. */
package io.github.caadam.experiments.report;
