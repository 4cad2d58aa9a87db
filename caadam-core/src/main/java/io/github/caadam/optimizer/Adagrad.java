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
 * Adagrad (Duchi, Hazan and Singer, <em>Adaptive Subgradient Methods for Online Learning and
 * Stochastic Optimization</em>, 2011), as PyTorch defines it:
 *
 * <pre>
 * G ← G + g²
 * θ ← θ − α/(1+(t−1)η) · g/(√(G₀+G)+ε)</pre>
 *
 * <p>Steps become smaller for ever, the more so where gradients were large: good for sparse
 * features and convex problems, often too early an end elsewhere. PyTorch keeps {@code G₀+G} where
 * this keeps {@code G}. DJL's {@code Adagrad} does not run on PyTorch.
 *
 * <pre>{@code
 * Optimizer optimizer = Adagrad.builder().optLearningRateTracker(Tracker.fixed(0.05f)).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Adagrad extends StatefulOptimizer {

    private Adagrad(Builder builder) {
        super(
                builder,
                new Rule(builder.learningRateDecay, builder.initialAccumulator, builder.epsilon));
    }

    private record Rule(float learningRateDecay, float initialAccumulator, float epsilon)
            implements UpdateRule {

        private static final String NAME = "adagrad";
        private static final String SUM = "sum_of_squares";

        private Rule {
            Ranges.requireNotNegative("learning rate decay", learningRateDecay);
            Ranges.requireNotNegative("initial accumulator", initialAccumulator);
            Ranges.requireEpsilon(epsilon);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("learningRateDecay", Ranges.decimal(learningRateDecay));
            description.put("initialAccumulator", Ranges.decimal(initialAccumulator));
            description.put("epsilon", Ranges.decimal(epsilon));
            return description;
        }

        @Override
        public List<Slot> slots() {
            return List.of(Moments.denominator(epsilon, SUM));
        }

        @Override
        public void update(Step s) {
            Operand sum = s.slot(SUM);
            if (initialAccumulator == 0) {
                s.adagrad(sum, this::rate, epsilon);
                return;
            }
            s.addcmulInPlace(sum, s.gradients(), s.gradients(), 1);
            Operand whole = s.add(sum, s.constant(initialAccumulator));
            s.addcdivInPlace(
                    s.weights(),
                    s.gradients(),
                    s.add(s.sqrt(whole), s.constant(epsilon)),
                    s.number(n -> -rate(n)));
        }

        private double rate(StepNumbers n) {
            return n.rate() / (1 + (n.step() - 1.0) * learningRateDecay);
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

    /** Builds an {@link Adagrad}. The learning rate is 0.01 by default. */
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private float learningRateDecay;
        private float initialAccumulator;
        private float epsilon = 1e-10f;

        private Builder() {
            defaultLearningRate(0.01f);
        }

        /**
         * Sets how fast the learning rate falls, beside its schedule (default 0).
         *
         * @param learningRateDecay {@code η}, 0 or more
         * @return this builder
         */
        public Builder optLearningRateDecay(float learningRateDecay) {
            this.learningRateDecay = learningRateDecay;
            return this;
        }

        /**
         * Sets what the sum of squares starts from (default 0). Above 0, first steps are smaller.
         *
         * @param initialAccumulator {@code G₀}, 0 or more
         * @return this builder
         */
        public Builder optInitialAccumulator(float initialAccumulator) {
            this.initialAccumulator = initialAccumulator;
            return this;
        }

        /**
         * Sets {@code ε} (default 1e-10).
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
            learningRateDecay = description.floatNumber("learningRateDecay");
            initialAccumulator = description.floatNumber("initialAccumulator");
            epsilon = description.floatNumber("epsilon");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public Adagrad build() {
            return new Adagrad(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
