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
 * LAMB (You et al., <em>Large Batch Optimization for Deep Learning: Training BERT in 76
 * minutes</em>, 2020, Algorithm 2), as timm defines it: Adam's step, made as long for each
 * parameter as the parameter itself. With Adam's moments {@code m̂} and {@code v̂},
 *
 * <pre>
 * u = m̂/(√v̂+ε) + λθ
 * θ ← θ − α·(‖θ‖/‖u‖)·u, where a norm is 0 the ratio is 1</pre>
 *
 * <p>So {@code α} is the part of itself by which a layer moves in a step, whatever its gradients
 * are: made for large batches. The decay {@link Builder#optDecoupledWeightDecay} is the {@code λ}
 * here, inside the ratio. Parameters without it make Adam's step, unless {@link
 * Builder#optAlwaysAdapt}: a bias that starts at 0 would hardly move, were its step as short as
 * itself. By default these are biases and the parameters of normalisations, so that the network
 * must be known; {@link Builder#optDecayExclusions} says otherwise.
 *
 * <p>timm clips gradients by a global norm of 1 by default; that is {@link
 * Builder#optGlobalClipNorm} here.
 *
 * <pre>{@code
 * Optimizer optimizer =
 *         Lamb.builder()
 *                 .optBlock(model.getBlock())
 *                 .optGlobalClipNorm(1)
 *                 .optLearningRateTracker(Tracker.fixed(5e-3f))
 *                 .build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Lamb extends StatefulOptimizer {

    private static final float DEFAULT_DECAY = 0.01f;

    private Lamb(Builder builder) {
        super(builder, new Rule(builder.betas(), builder.trustClip, builder.alwaysAdapt));
    }

    private record Rule(Betas betas, boolean trustClip, boolean alwaysAdapt) implements UpdateRule {

        private static final String NAME = "lamb";

        /** A norm below which an update is none; times any weight's norm over it, it stays so. */
        private static final double NO_NORM = 1e-20;

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = betas.describe();
            description.put("trustClip", trustClip);
            description.put("alwaysAdapt", alwaysAdapt);
            return description;
        }

        @Override
        public List<Slot> slots() {
            return betas.slots();
        }

        @Override
        public boolean takesDecay() {
            return true;
        }

        @Override
        public void update(Step s) {
            Operand first = s.slot(Betas.FIRST);
            Operand second = s.slot(Betas.SECOND);
            betas.advance(s);
            Operand denominator =
                    s.add(
                            s.sqrt(second),
                            s.number(n -> betas.rootCorrection2(n) * betas.epsilon()));
            if (!s.decays() && !alwaysAdapt) {
                s.addcdivInPlace(
                        s.weights(), first, denominator, s.number(n -> -n.rate() * correction(n)));
                return;
            }
            Operand update = s.mul(s.div(first, denominator), s.number(this::correction));
            if (s.decays()) {
                update = s.add(update, s.weights(), s.number(StepNumbers::weightDecay));
            }
            s.addInPlace(s.weights(), s.mul(update, ratio(s, update)), s.number(n -> -n.rate()));
        }

        /** The ratio of both norms, to which 1 is added where the weights are 0. */
        private Operand ratio(Step s, Operand update) {
            Operand norm = s.norm(s.weights());
            Operand none = s.add(s.mul(s.sign(norm), s.constant(-1)), s.constant(1));
            Operand ratio = s.div(norm, s.clampMin(s.norm(update), NO_NORM));
            Operand whole = s.add(ratio, none, s.constant(1));
            return trustClip ? s.clamp(whole, 0, 1) : whole;
        }

        private double correction(StepNumbers n) {
            return betas.rootCorrection2(n) / betas.correction1(n);
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

    /** Builds a {@link Lamb}. The learning rate is 0.001, the decoupled decay 0.01 by default. */
    public static final class Builder extends AdamBuilder<Builder> {

        private boolean trustClip;
        private boolean alwaysAdapt;

        private Builder() {
            super(1e-6f);
            optDecoupledWeightDecay(DEFAULT_DECAY);
        }

        /**
         * Sets whether the ratio is at most 1 (default no), as in LAMBC.
         *
         * @param trustClip whether it is
         * @return this builder
         */
        public Builder optTrustClip(boolean trustClip) {
            this.trustClip = trustClip;
            return this;
        }

        /**
         * Sets whether the ratio applies to parameters without decay, too (default no).
         *
         * @param alwaysAdapt whether it does
         * @return this builder
         */
        public Builder optAlwaysAdapt(boolean alwaysAdapt) {
            this.alwaysAdapt = alwaysAdapt;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            Betas.read(description, this);
            trustClip = description.flag("trustClip");
            alwaysAdapt = description.flag("alwaysAdapt");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public Lamb build() {
            return new Lamb(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
