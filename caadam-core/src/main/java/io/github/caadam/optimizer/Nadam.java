// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Nadam, which DJL lacks: Adam with Nesterov momentum (Dozat, <em>Incorporating Nesterov Momentum
 * into Adam</em>, 2016), with Keras' definition, momentum schedule and defaults. The moments {@code
 * m} and {@code v} are Adam's, and
 *
 * <pre>
 * μₜ = β₁(1 − 0.5·0.96ᵗ)
 * m̂ = μₜ₊₁·m/(1−∏ᵢ₌₁ᵗ⁺¹μᵢ) + (1−μₜ)·g/(1−∏ᵢ₌₁ᵗμᵢ)
 * θ ← θ − α·m̂/(√(v/(1−β₂ᵗ))+ε)</pre>
 *
 * <p>{@link NAdamW} has PyTorch's schedule and defaults.
 *
 * <pre>{@code
 * Optimizer optimizer = Nadam.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Nadam extends StatefulOptimizer {

    private Nadam(Builder builder) {
        super(builder, new Rule(builder.beta1, builder.beta2, builder.epsilon, 1));
    }

    /** The rule, with the momentum schedule of Keras or PyTorch. */
    static final class Rule implements UpdateRule {

        private static final String NAME = "nadam";
        private static final double SCHEDULE_BASE = 0.96;

        /** From this step on the momentum is {@code β₁}, or the product is 0, nearly. */
        private static final int SETTLED = 1024;

        private final float beta1;
        private final float beta2;
        private final float epsilon;
        private final double momentumDecay;

        /** The product of the momentum over the first steps, by their number. */
        private final double[] products = new double[SETTLED + 1];

        /**
         * Creates the rule.
         *
         * @param beta1 the decay of the first moment, and the momentum in the end
         * @param beta2 the decay of the second moment
         * @param epsilon what is added to the denominator
         * @param momentumDecay the {@code ψ} of the schedule {@code μₜ = β₁(1 − 0.5·0.96^(ψt))}
         */
        Rule(float beta1, float beta2, float epsilon, double momentumDecay) {
            Ranges.requireBeta("beta1", beta1);
            Ranges.requireBeta("beta2", beta2);
            Ranges.requireEpsilon(epsilon);
            this.beta1 = beta1;
            this.beta2 = beta2;
            this.epsilon = epsilon;
            this.momentumDecay = momentumDecay;
            products[0] = 1;
            for (int i = 1; i <= SETTLED; i++) {
                products[i] = products[i - 1] * momentum(i);
            }
        }

        /** The momentum {@code μₜ}. */
        private double momentum(int step) {
            return beta1 * (1 - 0.5 * Math.pow(SCHEDULE_BASE, momentumDecay * step));
        }

        private double product(int step) {
            return step <= SETTLED
                    ? products[step]
                    : products[SETTLED] * Math.pow(beta1, step - SETTLED);
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
            return Moments.slots(epsilon, "first_moment", "second_moment");
        }

        /**
         * Both quotients are multiplied by {@code √(1−β₂ᵗ)}, which leaves {@code √v} below them.
         */
        @Override
        public void update(Step s) {
            Operand first = s.slot("first_moment");
            Operand second = s.slot("second_moment");
            s.lerpInPlace(first, s.gradients(), 1.0 - beta1);
            s.mulInPlace(second, beta2);
            s.addcmulInPlace(second, s.gradients(), s.gradients(), 1.0 - beta2);
            Operand denominator = s.add(s.sqrt(second), s.number(n -> correction(n) * epsilon));
            s.addcdivInPlace(s.weights(), first, denominator, s.number(n -> -momentRate(n)));
            s.addcdivInPlace(
                    s.weights(), s.gradients(), denominator, s.number(n -> -gradientRate(n)));
        }

        private double correction(StepNumbers n) {
            return Math.sqrt(n.biasCorrection(beta2));
        }

        private double momentRate(StepNumbers n) {
            double next = momentum(n.step() + 1);
            return correction(n) * n.rate() * next / (1 - product(n.step()) * next);
        }

        private double gradientRate(StepNumbers n) {
            return correction(n) * n.rate() * (1 - momentum(n.step())) / (1 - product(n.step()));
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

    /** Builds a {@link Nadam}. */
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
         * Sets the decay of the second moment (default 0.999).
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
        public Nadam build() {
            return new Nadam(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
