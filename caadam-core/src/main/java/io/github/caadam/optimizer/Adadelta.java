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
 * Adadelta (Zeiler, <em>ADADELTA: An Adaptive Learning Rate Method</em>, 2012, Algorithm 1), as
 * PyTorch defines it:
 *
 * <pre>
 * v ← ρv + (1−ρ)g²
 * Δ = √(u+ε)/√(v+ε) · g
 * u ← ρu + (1−ρ)Δ²
 * θ ← θ − αΔ</pre>
 *
 * <p>Its step has the unit of a weight, so that the learning rate is 1 by default. It begins with
 * steps of {@code √ε} and takes some hundred of them to find its pace. DJL's {@code Adadelta} does
 * not run on PyTorch.
 *
 * <pre>{@code
 * Optimizer optimizer = Adadelta.builder().build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Adadelta extends StatefulOptimizer {

    private Adadelta(Builder builder) {
        super(builder, new Rule(builder.rho, builder.epsilon));
    }

    private record Rule(float rho, float epsilon) implements UpdateRule {

        private static final String NAME = "adadelta";
        private static final String GRADIENTS = "mean_square_gradient";
        private static final String STEPS = "mean_square_step";

        private Rule {
            Ranges.requireBeta("rho", rho);
            Ranges.requireEpsilon(epsilon);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("rho", Ranges.decimal(rho));
            description.put("epsilon", Ranges.decimal(epsilon));
            return description;
        }

        @Override
        public List<Slot> slots() {
            return List.of(
                    Moments.denominator(epsilon, GRADIENTS), Moments.denominator(epsilon, STEPS));
        }

        @Override
        public void update(Step s) {
            Operand gradients = s.slot(GRADIENTS);
            Operand steps = s.slot(STEPS);
            s.mulInPlace(gradients, rho);
            s.addcmulInPlace(gradients, s.gradients(), s.gradients(), 1.0 - rho);
            Operand ratio = s.div(root(s, steps), root(s, gradients));
            Operand step = s.mul(ratio, s.gradients());
            s.mulInPlace(steps, rho);
            s.addcmulInPlace(steps, step, step, 1.0 - rho);
            s.addInPlace(s.weights(), step, s.number(n -> -n.rate()));
        }

        private Operand root(Step s, Operand meanSquare) {
            return s.sqrt(s.add(meanSquare, s.constant(epsilon)));
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

    /** Builds an {@link Adadelta}. The learning rate is 1 by default. */
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private float rho = 0.9f;
        private float epsilon = 1e-6f;

        private Builder() {
            defaultLearningRate(1f);
        }

        /**
         * Sets the decay of both mean squares (default 0.9).
         *
         * @param rho {@code ρ}, in [0, 1)
         * @return this builder
         */
        public Builder optRho(float rho) {
            this.rho = rho;
            return this;
        }

        /**
         * Sets {@code ε} (default 1e-6), with which the size of first steps grows.
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
            rho = description.floatNumber("rho");
            epsilon = description.floatNumber("epsilon");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public Adadelta build() {
            return new Adadelta(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
