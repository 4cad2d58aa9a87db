// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

/**
 * An array for each parameter of a step: weights, gradients, slots, and what operations make of
 * them. Only the {@link Step} that gave it out can use it.
 *
 * @since 0.1.0
 */
public interface Operand {}
