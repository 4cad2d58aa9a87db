/** The networks of the paper, and how their initial weights are drawn. */
package io.github.caadam.experiments.model;
