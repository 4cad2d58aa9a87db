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
        super(builder, new Rule(builder.betas(), 1));
    }

    /** The rule, with the momentum schedule of Keras or PyTorch. */
    static final class Rule implements UpdateRule {

        private static final String NAME = "nadam";
        private static final double SCHEDULE_BASE = 0.96;

        /** From this step on the momentum is {@code β₁}, or the product is 0, nearly. */
        private static final int SETTLED = 1024;

        private final Betas betas;
        private final double momentumDecay;

        /** The product of the momentum over the first steps, by their number. */
        private final double[] products = new double[SETTLED + 1];

        /**
         * Creates the rule.
         *
         * @param betas the decays; that of the first moment is the momentum in the end
         * @param momentumDecay the {@code ψ} of the schedule {@code μₜ = β₁(1 − 0.5·0.96^(ψt))}
         */
        Rule(Betas betas, double momentumDecay) {
            this.betas = betas;
            this.momentumDecay = momentumDecay;
            products[0] = 1;
            for (int i = 1; i <= SETTLED; i++) {
                products[i] = products[i - 1] * momentum(i);
            }
        }

        /** The momentum {@code μₜ}. */
        private double momentum(int step) {
            return betas.beta1() * (1 - 0.5 * Math.pow(SCHEDULE_BASE, momentumDecay * step));
        }

        private double product(int step) {
            return step <= SETTLED
                    ? products[step]
                    : products[SETTLED] * Math.pow(betas.beta1(), step - SETTLED);
        }

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

        /**
         * Both quotients are multiplied by {@code √(1−β₂ᵗ)}, which leaves {@code √v} below them.
         */
        @Override
        public void update(Step s) {
            Operand first = s.slot(Betas.FIRST);
            Operand second = s.slot(Betas.SECOND);
            betas.advance(s);
            Operand denominator =
                    s.add(
                            s.sqrt(second),
                            s.number(n -> betas.rootCorrection2(n) * betas.epsilon()));
            s.addcdivInPlace(s.weights(), first, denominator, s.number(n -> -momentRate(n)));
            s.addcdivInPlace(
                    s.weights(), s.gradients(), denominator, s.number(n -> -gradientRate(n)));
        }

        private double momentRate(StepNumbers n) {
            double next = momentum(n.step() + 1);
            return betas.rootCorrection2(n) * n.rate() * next / (1 - product(n.step()) * next);
        }

        private double gradientRate(StepNumbers n) {
            return betas.rootCorrection2(n)
                    * n.rate()
                    * (1 - momentum(n.step()))
                    / (1 - product(n.step()));
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
        public Nadam build() {
            return new Nadam(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
