// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.Step;

/**
 * Where Adam's {@code ε} is added to the denominator. Both forms exist in the literature and differ
 * by a factor {@code √(1−β₂ᵗ)} on {@code ε}, which matters only in the first steps and for tiny
 * gradients.
 *
 * @since 0.1.0
 */
public enum EpsilonPlacement {

    /**
     * To the uncorrected second moment: the step is {@code α·S·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v+ε)}. This
     * is what DJL's Adam, Keras, and the published {@code caadam} package compute ("epsilon hat" in
     * Kingma and Ba, section 2).
     */
    UNCORRECTED {
        @Override
        Scalar uncorrected(Step step, double epsilon, double beta2) {
            return step.constant(epsilon);
        }
    },

    /**
     * To the bias-corrected second moment: the step is {@code α·S·m̂/(√v̂+ε)}, Eq. 22 of the CaAdam
     * paper, Algorithm 1 of Kingma and Ba, and what PyTorch computes.
     */
    BIAS_CORRECTED {
        @Override
        Scalar uncorrected(Step step, double epsilon, double beta2) {
            return step.number(n -> epsilon * Math.sqrt(n.biasCorrection(beta2)));
        }
    };

    /**
     * Returns the {@code ε} that gives this form where it is added to the uncorrected moment.
     *
     * @param step the step
     * @param epsilon the {@code ε} asked for
     * @param beta2 the decay of the second moment
     */
    abstract Scalar uncorrected(Step step, double epsilon, double beta2);
}
