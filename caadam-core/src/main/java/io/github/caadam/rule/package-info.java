/**
 * What an optimizer is: an {@link io.github.caadam.rule.UpdateRule}, said once in a small
 * vocabulary, the {@link io.github.caadam.rule.Step}. The same rule is executed parameter by
 * parameter, in fused steps and in compiled epochs. This package is for authors of optimizers.
 */
package io.github.caadam.rule;
