// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.NetworkStep;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Schedule-Free AdamW (Defazio et al., <em>The Road Less Scheduled</em>, 2024, algorithm 1), as
 * schedulefree defines its {@code AdamWScheduleFree}: no schedule of the learning rate, and no
 * length of the training that would have to be known. It trains weights {@code θ} that lie between
 * base weights {@code z} and their average {@code x}. With {@code αₜ}, the rate with its warm-up,
 * and {@code ŵ} the largest rate so far,
 *
 * <pre>
 * v ← β₂v + (1−β₂)g²
 * z ← z − αₜ·g/(√(v/(1−β₂ᵗ))+ε) − αₜλθ
 * c = tʳŵᵖ/(sum of this over all steps)
 * x ← x + c·(z−x)
 * θ ← z + β₁·(x−z)</pre>
 *
 * <p><b>Two kinds of weights.</b> The gradient is that of {@code θ}, which the model holds while it
 * is trained; what was learnt is {@code x}. A {@link io.github.caadam.training.FusedTrainer}
 * evaluates {@code x}, so that validation, metrics, early stopping and the best weights are of it,
 * and so do compiled epochs; nothing need be called. A trainer of DJL's own ({@code
 * model.newTrainer}) asks no optimizer when it evaluates, and validates {@code θ}. Before a model
 * is saved or predicts, put {@code x} into it by {@link StatefulOptimizer#applyAverage}, unless
 * early stopping has restored the best weights; {@link StatefulOptimizer#averageOf} gives {@code x}
 * of a parameter. A saved optimizer has it as {@code PATH/evaluation_weight}, and {@code z} as
 * {@code PATH/base_weight}; it goes on exactly with the model's {@code θ} of the same moment, which
 * the checkpoints of an {@link io.github.caadam.training.EpochListener} keep. {@link
 * Builder#optWeightAverage} is another average, of {@code θ}, which is evaluated instead of {@code
 * x}.
 *
 * <p><b>Batch normalisation.</b> Running statistics are gathered while {@code θ} is trained, and
 * are not those of {@code x}. Where they matter, make some forward passes in training mode after
 * {@code applyAverage()}, without steps, before the model is used.
 *
 * <p>The share {@code c} is the network's, so that the network must be known, and the training runs
 * on one device; its rate is the largest before scaling. A scaling factor multiplies {@code αₜ} of
 * the gradient's part. Do not use a schedule; a warm-up is an option here.
 *
 * <pre>{@code
 * Optimizer optimizer =
 *         ScheduleFreeAdamW.builder().optBlock(model.getBlock()).optWarmupSteps(500).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class ScheduleFreeAdamW extends StatefulOptimizer {

    private static final float DEFAULT_RATE = 0.0025f;

    private ScheduleFreeAdamW(Builder builder) {
        super(
                builder,
                new Rule(builder.betas(), builder.warmupSteps, builder.r, builder.weightLrPower));
    }

    private record Rule(Betas betas, int warmupSteps, float r, float weightLrPower)
            implements UpdateRule {

        private static final String NAME = "schedule-free adamw";
        private static final String BASE = "base_weight";
        private static final String EVALUATION = "evaluation_weight";
        private static final String LARGEST_RATE = "largest_rate";
        private static final String WEIGHT_SUM = "weight_sum";
        private static final String SHARE = "share";

        private Rule {
            if (warmupSteps < 0) {
                throw new IllegalArgumentException(
                        "The warmup steps must be 0 or more, found " + warmupSteps + ".");
            }
            Ranges.requireNotNegative("r", r);
            Ranges.requireNotNegative("weight lr power", weightLrPower);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = betas.describe();
            description.put("warmupSteps", warmupSteps);
            description.put("r", Ranges.decimal(r));
            description.put("weightLrPower", Ranges.decimal(weightLrPower));
            return description;
        }

        @Override
        public List<Slot> slots() {
            return List.of(
                    Moments.denominator(betas.epsilon(), Betas.SECOND),
                    Slot.ofWeight(BASE),
                    Slot.ofWeight(EVALUATION));
        }

        @Override
        public List<NetworkNumber> networkNumbers() {
            return List.of(
                    new NetworkNumber(LARGEST_RATE, 0),
                    new NetworkNumber(WEIGHT_SUM, 0),
                    new NetworkNumber(SHARE, 0));
        }

        @Override
        public Optional<String> average() {
            return Optional.of(EVALUATION);
        }

        @Override
        public boolean takesDecay() {
            return true;
        }

        @Override
        public void settle(NetworkStep s) {
            Operand largest =
                    s.clampMin(
                            s.networkNumber(LARGEST_RATE), s.number(n -> n.baseRate() * warmUp(n)));
            Operand weight =
                    s.mul(s.pow(largest, weightLrPower), s.number(n -> Math.pow(n.step(), r)));
            Operand sum = s.add(s.networkNumber(WEIGHT_SUM), weight, s.constant(1));
            s.set(LARGEST_RATE, largest);
            s.set(WEIGHT_SUM, sum);
            // While all rates are 0, so is the share.
            s.set(SHARE, s.div(weight, s.clampMin(sum, s.constant(Double.MIN_NORMAL))));
        }

        @Override
        public void update(Step s) {
            Operand second = s.slot(Betas.SECOND);
            Operand base = s.slot(BASE);
            Operand average = s.slot(EVALUATION);
            betas.advanceSecond(s);
            // The quotient is multiplied by √(1−β₂ᵗ), which leaves √v below it.
            s.addcdivInPlace(
                    base,
                    s.gradients(),
                    s.add(
                            s.sqrt(second),
                            s.number(n -> betas.rootCorrection2(n) * betas.epsilon())),
                    s.number(n -> -n.rate() * warmUp(n) * betas.rootCorrection2(n)));
            if (s.decays()) {
                s.addInPlace(
                        base,
                        s.weights(),
                        s.number(n -> -(double) n.baseRate() * n.weightDecay() * warmUp(n)));
            }
            Operand way = s.add(base, average, s.constant(-1));
            s.addcmulInPlace(average, way, s.networkNumber(SHARE), 1);
            // From the base, so that equal ones give no rounding.
            Operand back = s.add(average, base, s.constant(-1));
            s.lerpInPlace(s.weights(), s.add(base, back, s.constant(betas.beta1())), 1);
        }

        private double warmUp(StepNumbers n) {
            return n.step() < warmupSteps ? (double) n.step() / warmupSteps : 1;
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

    /**
     * Builds a {@link ScheduleFreeAdamW}. The learning rate is 0.0025 by default; the network must
     * be set.
     */
    public static final class Builder extends AdamBuilder<Builder> {

        private int warmupSteps;
        private float r;
        private float weightLrPower = 2;

        private Builder() {
            super(1e-8f);
            defaultLearningRate(DEFAULT_RATE);
        }

        /**
         * Sets in how many steps the rate grows linearly to what the tracker says (default 0).
         *
         * @param warmupSteps the number of steps, 0 or more
         * @return this builder
         */
        public Builder optWarmupSteps(int warmupSteps) {
            this.warmupSteps = warmupSteps;
            return this;
        }

        /**
         * Sets by which power of its number a step counts in the average (default 0).
         *
         * @param r {@code r}, 0 or more
         * @return this builder
         */
        public Builder optR(float r) {
            this.r = r;
            return this;
        }

        /**
         * Sets by which power of the largest rate so far a step counts in the average (default 2),
         * so that those of a warm-up count less.
         *
         * @param weightLrPower {@code p}, 0 or more
         * @return this builder
         */
        public Builder optWeightLrPower(float weightLrPower) {
            this.weightLrPower = weightLrPower;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            Betas.read(description, this);
            warmupSteps = description.wholeNumber("warmupSteps");
            r = description.floatNumber("r");
            weightLrPower = description.floatNumber("weightLrPower");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if no network was set, or an option is outside its range
         *     or contradicts another
         */
        public ScheduleFreeAdamW build() {
            return new ScheduleFreeAdamW(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
