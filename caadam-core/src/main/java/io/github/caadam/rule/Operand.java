package io.github.caadam.rule;

/**
 * An array for each parameter of a step: weights, gradients, slots, and what operations make of
 * them. Only the {@link Step} that gave it out can use it.
 */
public interface Operand {}
