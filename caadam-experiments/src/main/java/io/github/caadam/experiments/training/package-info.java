// SPDX-License-Identifier: Apache-2.0
/** One training run: protocol, optimizer and training loop. */
package io.github.caadam.experiments.training;
