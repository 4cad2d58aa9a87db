// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

/**
 * A number that operations of a {@link Step} take: a constant, or a number of the step such as its
 * learning rate. Only the step that gave it out can use it.
 *
 * @since 0.1.0
 */
public interface Scalar {}
