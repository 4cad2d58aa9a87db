/** One training run: protocol, optimizer and training loop. */
package io.github.caadam.experiments.training;
