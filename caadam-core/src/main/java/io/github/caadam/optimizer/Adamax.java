// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.util.List;
import java.util.Map;

/**
 * Adamax, which DJL lacks: Adam with the infinity norm in place of the second moment (Kingma and
 * Ba, <em>Adam: A Method for Stochastic Optimization</em>, 2015, Algorithm 2), with Keras'
 * definition and defaults:
 *
 * <pre>
 * m ← β₁m + (1−β₁)g
 * u ← max(β₂u, |g|)
 * θ ← θ − α/(1−β₁ᵗ) · m/(u+ε)</pre>
 *
 * <p>PyTorch adds its {@code ε} to {@code |g|} inside the maximum instead.
 *
 * <pre>{@code
 * Optimizer optimizer = Adamax.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Adamax extends StatefulOptimizer {

    private Adamax(Builder builder) {
        super(builder, new Rule(builder.betas()));
    }

    private record Rule(Betas betas) implements UpdateRule {

        private static final String NAME = "adamax";

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
            return Moments.slots(betas.epsilon(), Betas.FIRST, "infinity_norm");
        }

        @Override
        public void update(Step s) {
            Operand moment = s.slot(Betas.FIRST);
            Operand norm = s.slot("infinity_norm");
            s.lerpInPlace(moment, s.gradients(), 1.0 - betas.beta1());
            s.mulInPlace(norm, betas.beta2());
            s.maximumInPlace(norm, s.abs(s.gradients()));
            s.addcdivInPlace(
                    s.weights(),
                    moment,
                    s.add(norm, s.constant(betas.epsilon())),
                    s.number(n -> -n.rate() / betas.correction1(n)));
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

    /** Builds an {@link Adamax}. */
    public static final class Builder extends AdamBuilder<Builder> {

        private Builder() {
            super(1e-7f);
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
        public Adamax build() {
            return new Adamax(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
