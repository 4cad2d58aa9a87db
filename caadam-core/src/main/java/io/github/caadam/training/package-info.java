/**
 * What DJL's training loop lacks: a plateau learning-rate tracker, early stopping that restores the
 * best weights, checkpoints of model and optimizer together, and a mean squared error that garbage
 * collection cannot disturb.
 */
package io.github.caadam.training;
