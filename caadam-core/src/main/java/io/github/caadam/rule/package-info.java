// SPDX-License-Identifier: Apache-2.0
/**
 * The rules of optimizers, for authors of optimizers. An {@link io.github.caadam.rule.UpdateRule}
 * is a formula that is written once, in the operations of a {@link io.github.caadam.rule.Step}. It
 * is executed parameter by parameter, in fused steps and in compiled epochs.
 */
package io.github.caadam.rule;
