/** The command line. */
package io.github.caadam.experiments.cli;
