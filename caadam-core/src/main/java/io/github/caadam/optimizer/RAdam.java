// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import java.util.List;
import java.util.Map;

/**
 * RAdam, rectified Adam (Liu et al., <em>On the Variance of the Adaptive Learning Rate and
 * Beyond</em>, 2020, Algorithm 2), as PyTorch defines it. The moments {@code m} and {@code v} are
 * Adam's, {@code m̂ = m/(1−β₁ᵗ)}, and
 *
 * <pre>
 * ρ∞ = 2/(1−β₂) − 1,  ρ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ)
 * r = √((ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ))
 * θ ← θ − α·r·√(1−β₂ᵗ)·m̂/(√v+ε) where ρ > 5, otherwise θ ← θ − α·m̂</pre>
 *
 * <p>So it makes steps of gradient descent with momentum until {@code v} is known well enough, five
 * of them by default, and then warms up by itself.
 *
 * <pre>{@code
 * Optimizer optimizer = RAdam.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class RAdam extends StatefulOptimizer {

    private RAdam(Builder builder) {
        super(builder, new Rule(builder.betas()));
    }

    private record Rule(Betas betas) implements UpdateRule {

        private static final String NAME = "radam";
        private static final double SHORTEST = 5;

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            return betas.describe();
        }

        @Override
        public List<Slot> slots() {
            return betas.slots();
        }

        /** Of both steps one has the rate 0: the operations must be the same in every step. */
        @Override
        public void update(Step s) {
            Operand first = s.slot(Betas.FIRST);
            Operand second = s.slot(Betas.SECOND);
            betas.advance(s);
            s.addcdivInPlace(
                    s.weights(),
                    first,
                    s.add(s.sqrt(second), s.constant(betas.epsilon())),
                    s.number(n -> -rate(n) * rectification(n)));
            s.addInPlace(s.weights(), first, s.number(n -> rectification(n) == 0 ? -rate(n) : 0));
        }

        private double rate(StepNumbers n) {
            return n.rate() / betas.correction1(n);
        }

        /** {@code r·√(1−β₂ᵗ)}, or 0 where nothing is rectified. */
        private double rectification(StepNumbers n) {
            double correction = n.biasCorrection(betas.beta2());
            double longest = 2 / (1.0 - betas.beta2()) - 1;
            double length = longest - 2.0 * n.step() * (1 - correction) / correction;
            if (length <= SHORTEST) {
                return 0;
            }
            return Math.sqrt(
                    (length - 4)
                            * (length - 2)
                            * longest
                            / ((longest - 4) * (longest - 2) * length)
                            * correction);
        }
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds an {@link RAdam}. The learning rate is 0.001 by default. */
    public static final class Builder extends AdamBuilder<Builder> {

        private Builder() {
            super(1e-8f);
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            Betas.read(description, this);
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public RAdam build() {
            return new RAdam(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
