// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

/**
 * The options of optimizers in the manner of Adam: the decay of both moments, and {@code ε}.
 *
 * @param <B> the builder itself
 * @since 0.1.0
 */
public abstract class AdamBuilder<B extends AdamBuilder<B>>
        extends StatefulOptimizer.ScalableBuilder<B> {

    private float beta1 = 0.9f;
    private float beta2 = 0.999f;
    private float epsilon;

    AdamBuilder(float epsilon) {
        this.epsilon = epsilon;
    }

    /**
     * Sets the decay of the first moment (default 0.9).
     *
     * @param beta1 {@code β₁}, in [0, 1)
     * @return this builder
     */
    public B optBeta1(float beta1) {
        this.beta1 = beta1;
        return self();
    }

    /**
     * Sets the decay of the second moment (default 0.999), of {@link Adamax} that of the infinity
     * norm.
     *
     * @param beta2 {@code β₂}, in [0, 1)
     * @return this builder
     */
    public B optBeta2(float beta2) {
        this.beta2 = beta2;
        return self();
    }

    /**
     * Sets {@code ε}, which is added to the denominator (default 1e-8; of {@link Adamax} and {@link
     * Nadam} 1e-7, of {@link Lamb} 1e-6, as their origins have it).
     *
     * @param epsilon {@code ε}, above 0
     * @return this builder
     */
    public B optEpsilon(float epsilon) {
        this.epsilon = epsilon;
        return self();
    }

    /** Returns the options, checked. */
    final Betas betas() {
        return new Betas(beta1, beta2, epsilon);
    }
}
