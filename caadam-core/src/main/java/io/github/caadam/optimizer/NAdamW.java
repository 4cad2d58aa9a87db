// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * NAdam with PyTorch's momentum schedule and defaults, and, as every optimizer here, decoupled
 * weight decay: Adam with Nesterov momentum (Dozat, <em>Incorporating Nesterov Momentum into
 * Adam</em>, 2016). The moments {@code m} and {@code v} are Adam's, and
 *
 * <pre>
 * μₜ = β₁(1 − 0.5·0.96^(ψt))
 * m̂ = μₜ₊₁·m/(1−∏ᵢ₌₁ᵗ⁺¹μᵢ) + (1−μₜ)·g/(1−∏ᵢ₌₁ᵗμᵢ)
 * θ ← θ − α·m̂/(√(v/(1−β₂ᵗ))+ε)</pre>
 *
 * <p>With {@code ψ} of 0.004 the momentum takes thousands of steps to come from {@code β₁/2} to
 * {@code β₁}. Keras' Nadam has a {@code ψ} of 1, as {@link Nadam}.
 *
 * <pre>{@code
 * Optimizer optimizer =
 *         NAdamW.builder().optBlock(model.getBlock()).optDecoupledWeightDecay(0.01f).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class NAdamW extends StatefulOptimizer {

    private static final String NAME = "nadamw";

    private NAdamW(Builder builder) {
        super(builder, new Rule(builder));
    }

    private static final class Rule implements UpdateRule {

        private final float momentumDecay;
        private final Nadam.Rule nadam;

        private Rule(Builder builder) {
            momentumDecay = builder.momentumDecay;
            Ranges.requireNotNegative("momentum decay", momentumDecay);
            nadam = new Nadam.Rule(builder.betas(), momentumDecay);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = new LinkedHashMap<>(nadam.describe());
            description.put("momentumDecay", Ranges.decimal(momentumDecay));
            return description;
        }

        @Override
        public List<Slot> slots() {
            return nadam.slots();
        }

        @Override
        public void update(Step s) {
            nadam.update(s);
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

    /** Builds an {@link NAdamW}. The learning rate is 0.002 by default. */
    public static final class Builder extends AdamBuilder<Builder> {

        private float momentumDecay = 0.004f;

        private Builder() {
            super(1e-8f);
            defaultLearningRate(0.002f);
        }

        /**
         * Sets how fast the momentum grows from half of {@code β₁} to it (default 0.004).
         *
         * @param momentumDecay {@code ψ}, 0 or more
         * @return this builder
         */
        public Builder optMomentumDecay(float momentumDecay) {
            this.momentumDecay = momentumDecay;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", NAME);
            Betas.read(description, this);
            momentumDecay = description.floatNumber("momentumDecay");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public NAdamW build() {
            return new NAdamW(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
