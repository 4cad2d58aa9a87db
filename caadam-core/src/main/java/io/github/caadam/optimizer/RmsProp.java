// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * RMSprop (Tieleman and Hinton, <em>Lecture 6.5</em>, 2012; centred: Graves, <em>Generating
 * Sequences With Recurrent Neural Networks</em>, 2013), as PyTorch defines it:
 *
 * <pre>
 * v ← ρv + (1−ρ)g²
 * m ← ρm + (1−ρ)g, and d = v − m² where it is centred; otherwise d = v
 * θ ← θ − α·g/(√d+ε), or with momentum b ← μb + g/(√d+ε), θ ← θ − αb</pre>
 *
 * <p>Where gradients hardly change, rounding can make {@code v − m²} negative, of which PyTorch's
 * weights become not a number; here it is 0 then. TensorFlow adds {@code ε} under the root. DJL's
 * {@code RmsProp} does not run on PyTorch.
 *
 * <pre>{@code
 * Optimizer optimizer = RmsProp.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class RmsProp extends StatefulOptimizer {

    private RmsProp(Builder builder) {
        super(builder, new Rule(builder.rho, builder.epsilon, builder.momentum, builder.centered));
    }

    private record Rule(float rho, float epsilon, float momentum, boolean centered)
            implements UpdateRule {

        private static final String NAME = "rmsprop";
        private static final String SQUARES = "second_moment";
        private static final String MEAN = "first_moment";
        private static final String VELOCITY = "velocity";

        private Rule {
            Ranges.requireBeta("rho", rho);
            Ranges.requireEpsilon(epsilon);
            Ranges.requireBeta("momentum", momentum);
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
            description.put("momentum", Ranges.decimal(momentum));
            description.put("centered", centered);
            return description;
        }

        @Override
        public List<Slot> slots() {
            List<Slot> slots = new ArrayList<>(List.of(Moments.denominator(epsilon, SQUARES)));
            if (centered) {
                slots.add(Moments.velocity(MEAN));
            }
            if (momentum != 0) {
                slots.add(Moments.velocity(VELOCITY));
            }
            return List.copyOf(slots);
        }

        @Override
        public void update(Step s) {
            Operand squares = s.slot(SQUARES);
            s.mulInPlace(squares, rho);
            s.addcmulInPlace(squares, s.gradients(), s.gradients(), 1.0 - rho);
            Operand denominator = s.add(s.sqrt(variance(s, squares)), s.constant(epsilon));
            if (momentum == 0) {
                s.addcdivInPlace(s.weights(), s.gradients(), denominator, s.number(n -> -n.rate()));
                return;
            }
            Operand velocity = s.slot(VELOCITY);
            s.mulInPlace(velocity, momentum);
            s.addcdivInPlace(velocity, s.gradients(), denominator, s.constant(1));
            s.addInPlace(s.weights(), velocity, s.number(n -> -n.rate()));
        }

        private Operand variance(Step s, Operand squares) {
            if (!centered) {
                return squares;
            }
            Operand mean = s.slot(MEAN);
            s.lerpInPlace(mean, s.gradients(), 1.0 - rho);
            return s.clampMin(s.add(squares, s.mul(mean, mean), s.constant(-1)), 0);
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

    /** Builds an {@link RmsProp}. The learning rate is 0.01 by default. */
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private float rho = 0.99f;
        private float epsilon = 1e-8f;
        private float momentum;
        private boolean centered;

        private Builder() {
            defaultLearningRate(0.01f);
        }

        /**
         * Sets the decay of the mean square (default 0.99). PyTorch calls it alpha.
         *
         * @param rho {@code ρ}, in [0, 1)
         * @return this builder
         */
        public Builder optRho(float rho) {
            this.rho = rho;
            return this;
        }

        /**
         * Sets {@code ε} (default 1e-8).
         *
         * @param epsilon {@code ε}, above 0
         * @return this builder
         */
        public Builder optEpsilon(float epsilon) {
            this.epsilon = epsilon;
            return this;
        }

        /**
         * Sets the momentum (default 0: none).
         *
         * @param momentum {@code μ}, in [0, 1)
         * @return this builder
         */
        public Builder optMomentum(float momentum) {
            this.momentum = momentum;
            return this;
        }

        /**
         * Sets whether the mean of the gradients is taken from their mean square (default no).
         *
         * @param centered whether it is
         * @return this builder
         */
        public Builder optCentered(boolean centered) {
            this.centered = centered;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            rho = description.floatNumber("rho");
            epsilon = description.floatNumber("epsilon");
            momentum = description.floatNumber("momentum");
            centered = description.flag("centered");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public RmsProp build() {
            return new RmsProp(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
