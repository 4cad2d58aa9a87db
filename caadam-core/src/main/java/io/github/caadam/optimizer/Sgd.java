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
 * Stochastic gradient descent, with momentum if asked for (Polyak, 1964; Sutskever et al., <em>On
 * the importance of initialization and momentum in deep learning</em>, 2013), as PyTorch's {@code
 * SGD} defines it. Without momentum {@code θ ← θ − αg}; with momentum {@code μ} and dampening
 * {@code τ}
 *
 * <pre>
 * b ← μb + (1−τ)g, but b ← g in the first step
 * θ ← θ − αb, or with Nesterov's momentum θ ← θ − α(g + μb)</pre>
 *
 * <p>DJL's {@code Sgd} has neither dampening nor Nesterov's momentum, is not fused, and its
 * momentum has the learning rate in it: after a change of the rate its steps differ for some {@code
 * 1/(1−μ)} steps. DJL's {@code Nag} does not run on PyTorch.
 *
 * <p>The gradient's size is the step's size. So the learning rate must suit the problem; the
 * default of 0.001, PyTorch's, is small, and 0.01 to 0.1 with a momentum of 0.9 is usual.
 *
 * <pre>{@code
 * Optimizer optimizer =
 *         Sgd.builder()
 *                 .optMomentum(0.9f)
 *                 .optNesterov(true)
 *                 .optLearningRateTracker(Tracker.fixed(0.05f))
 *                 .build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Sgd extends StatefulOptimizer {

    private Sgd(Builder builder) {
        super(builder, new Rule(builder.momentum, builder.dampening, builder.nesterov));
    }

    private record Rule(float momentum, float dampening, boolean nesterov) implements UpdateRule {

        private static final String NAME = "sgd";
        private static final String VELOCITY = "velocity";

        private Rule {
            Ranges.requireBeta("momentum", momentum);
            Ranges.requireFraction("dampening", dampening);
            if (dampening != 0 && momentum == 0) {
                throw new IllegalArgumentException(
                        "A dampening of "
                                + dampening
                                + " was set without momentum: set optMomentum, too.");
            }
            if (nesterov && (momentum == 0 || dampening != 0)) {
                throw new IllegalArgumentException(
                        "Nesterov's momentum needs a momentum above 0 and no dampening, found a"
                                + " momentum of "
                                + momentum
                                + " and a dampening of "
                                + dampening
                                + ".");
            }
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("momentum", Ranges.decimal(momentum));
            description.put("dampening", Ranges.decimal(dampening));
            description.put("nesterov", nesterov);
            return description;
        }

        @Override
        public List<Slot> slots() {
            return momentum == 0 ? List.of() : List.of(Moments.velocity(VELOCITY));
        }

        @Override
        public void update(Step s) {
            if (momentum == 0) {
                s.addInPlace(s.weights(), s.gradients(), s.number(n -> -n.rate()));
                return;
            }
            Operand velocity = s.slot(VELOCITY);
            if (dampening == 0) {
                s.momentum(velocity, StepNumbers::rate, momentum, nesterov);
                return;
            }
            s.mulInPlace(velocity, momentum);
            s.addInPlace(
                    velocity, s.gradients(), s.number(n -> n.step() == 1 ? 1 : 1.0 - dampening));
            s.addInPlace(s.weights(), velocity, s.number(n -> -n.rate()));
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

    /** Builds an {@link Sgd}. The learning rate is 0.001 by default. */
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private float momentum;
        private float dampening;
        private boolean nesterov;

        private Builder() {}

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
         * Sets the dampening, which makes the gradient count less in the momentum (default 0).
         *
         * @param dampening {@code τ}, in [0, 1]; with a momentum only
         * @return this builder
         */
        public Builder optDampening(float dampening) {
            this.dampening = dampening;
            return this;
        }

        /**
         * Sets whether the momentum is Nesterov's (default no).
         *
         * @param nesterov whether it is; with a momentum, without dampening only
         * @return this builder
         */
        public Builder optNesterov(boolean nesterov) {
            this.nesterov = nesterov;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            momentum = description.floatNumber("momentum");
            dampening = description.floatNumber("dampening");
            nesterov = description.flag("nesterov");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public Sgd build() {
            return new Sgd(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
