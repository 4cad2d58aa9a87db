// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.util.LinkedHashMap;
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
        super(builder, new Rule(builder.beta1, builder.beta2, builder.epsilon));
    }

    private record Rule(float beta1, float beta2, float epsilon) implements UpdateRule {

        private static final String NAME = "adamax";

        private Rule {
            Ranges.requireBeta("beta1", beta1);
            Ranges.requireBeta("beta2", beta2);
            Ranges.requireEpsilon(epsilon);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("beta1", Ranges.decimal(beta1));
            description.put("beta2", Ranges.decimal(beta2));
            description.put("epsilon", Ranges.decimal(epsilon));
            return description;
        }

        @Override
        public List<Slot> slots() {
            return Moments.slots(epsilon, "first_moment", "infinity_norm");
        }

        @Override
        public void update(Step s) {
            Operand moment = s.slot("first_moment");
            Operand norm = s.slot("infinity_norm");
            s.lerpInPlace(moment, s.gradients(), 1.0 - beta1);
            s.mulInPlace(norm, beta2);
            s.maximumInPlace(norm, s.abs(s.gradients()));
            s.addcdivInPlace(
                    s.weights(),
                    moment,
                    s.add(norm, s.constant(epsilon)),
                    s.number(n -> -n.rate() / n.biasCorrection(beta1)));
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
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private float beta1 = 0.9f;
        private float beta2 = 0.999f;
        private float epsilon = 1e-7f;

        private Builder() {}

        /**
         * Sets the decay of the first moment (default 0.9).
         *
         * @param beta1 {@code β₁}, in [0, 1)
         * @return this builder
         */
        public Builder optBeta1(float beta1) {
            this.beta1 = beta1;
            return this;
        }

        /**
         * Sets the decay of the infinity norm (default 0.999).
         *
         * @param beta2 {@code β₂}, in [0, 1)
         * @return this builder
         */
        public Builder optBeta2(float beta2) {
            this.beta2 = beta2;
            return this;
        }

        /**
         * Sets {@code ε} (default 1e-7, as in Keras).
         *
         * @param epsilon {@code ε}, above 0
         * @return this builder
         */
        public Builder optEpsilon(float epsilon) {
            this.epsilon = epsilon;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            beta1 = description.floatNumber("beta1");
            beta2 = description.floatNumber("beta2");
            epsilon = description.floatNumber("epsilon");
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
