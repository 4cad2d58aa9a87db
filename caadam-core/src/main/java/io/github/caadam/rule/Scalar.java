package io.github.caadam.rule;

/**
 * A number that operations of a {@link Step} take: a constant, or a number of the step such as its
 * learning rate. Only the step that gave it out can use it.
 */
public interface Scalar {}
