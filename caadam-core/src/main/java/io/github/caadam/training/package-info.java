/**
 * What DJL's training loop lacks: a plateau learning-rate tracker and early stopping that restores
 * the best weights.
 */
package io.github.caadam.training;
