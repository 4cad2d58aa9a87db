// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.UpdateRule;
import java.util.Map;
import java.util.Objects;

/**
 * An optimizer with a rule of the user's own, such as the one that {@link UpdateRule} shows. It has
 * all that the optimizers of this library have: scaling, weight decay, clipping, state that can be
 * saved, fused steps and compiled epochs.
 *
 * <pre>{@code
 * Optimizer optimizer =
 *         RuleOptimizer.builder()
 *                 .setRule(new Momentum(0.9))
 *                 .optLearningRateTracker(Tracker.fixed(0.01f))
 *                 .build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class RuleOptimizer extends StatefulOptimizer {

    private RuleOptimizer(Builder builder) {
        super(builder, builder.rule());
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link RuleOptimizer}. */
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private UpdateRule rule;

        private Builder() {}

        /**
         * Sets the rule.
         *
         * @param rule the rule
         * @return this builder
         */
        public Builder setRule(UpdateRule rule) {
            this.rule = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /** The rule is code and stays; its options must be those of the description. */
        @Override
        void readRule(Description description) {
            description.requireText("algorithm", rule().name());
            for (Map.Entry<String, Object> option : rule.describe().entrySet()) {
                description.requireValue(option.getKey(), option.getValue());
            }
        }

        private UpdateRule rule() {
            if (rule == null) {
                throw new IllegalArgumentException(
                        "No rule was set: call setRule(...) with what the optimizer does.");
            }
            return rule;
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if no rule was set, or an option is outside its range or
         *     contradicts another
         */
        public RuleOptimizer build() {
            return new RuleOptimizer(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
