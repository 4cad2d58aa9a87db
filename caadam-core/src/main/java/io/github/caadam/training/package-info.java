// SPDX-License-Identifier: Apache-2.0
/**
 * What DJL's training loop lacks: learning-rate schedules that join, a plateau learning-rate
 * tracker, early stopping that restores the best weights, checkpoints from which a training goes on
 * to the digit, a mean squared error that garbage collection cannot disturb, and two ways to spare
 * native calls: fused steps, and whole epochs that are compiled.
 */
package io.github.caadam.training;
