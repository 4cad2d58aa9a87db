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
 * Lion (Chen et al., <em>Symbolic Discovery of Optimization Algorithms</em>, 2023, Program 1):
 * every value moves by the learning rate, in the direction that an average of past and present
 * gradients has:
 *
 * <pre>
 * θ ← θ − α·sign(β₁m + (1−β₁)g)
 * m ← β₂m + (1−β₂)g</pre>
 *
 * <p>Its steps are larger than Adam's, so the paper takes a third to a tenth of Adam's learning
 * rate, and three to ten times its decoupled weight decay. Defaults, a rate of 0.0001 among them,
 * are those of the paper's own code.
 *
 * <pre>{@code
 * Optimizer optimizer = Lion.builder().optLearningRateTracker(Tracker.fixed(3e-4f)).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Lion extends StatefulOptimizer {

    private Lion(Builder builder) {
        super(builder, new Rule(builder.beta1, builder.beta2));
    }

    private record Rule(float beta1, float beta2) implements UpdateRule {

        private static final String NAME = "lion";
        private static final String MOMENTUM = "momentum";

        private Rule {
            Ranges.requireBeta("beta1", beta1);
            Ranges.requireBeta("beta2", beta2);
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
            return description;
        }

        /** However small a moment is, its sign counts, so that none is made zero. */
        @Override
        public List<Slot> slots() {
            return List.of(Slot.zeros(MOMENTUM));
        }

        @Override
        public void update(Step s) {
            Operand momentum = s.slot(MOMENTUM);
            Operand direction = s.sign(s.lerp(s.gradients(), momentum, beta1));
            s.addInPlace(s.weights(), direction, s.number(n -> -n.rate()));
            s.lerpInPlace(momentum, s.gradients(), 1.0 - beta2);
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

    /** Builds a {@link Lion}. The learning rate is 0.0001 by default. */
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private float beta1 = 0.9f;
        private float beta2 = 0.99f;

        private Builder() {
            defaultLearningRate(1e-4f);
        }

        /**
         * Sets the weight of the momentum in the direction of a step (default 0.9).
         *
         * @param beta1 {@code β₁}, in [0, 1)
         * @return this builder
         */
        public Builder optBeta1(float beta1) {
            this.beta1 = beta1;
            return this;
        }

        /**
         * Sets the decay of the momentum (default 0.99).
         *
         * @param beta2 {@code β₂}, in [0, 1)
         * @return this builder
         */
        public Builder optBeta2(float beta2) {
            this.beta2 = beta2;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            beta1 = description.floatNumber("beta1");
            beta2 = description.floatNumber("beta2");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public Lion build() {
            return new Lion(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
