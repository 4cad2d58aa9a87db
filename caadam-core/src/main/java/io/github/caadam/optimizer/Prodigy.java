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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Prodigy (Mishchenko and Defazio, <em>Prodigy: An Expeditiously Adaptive Parameter-Free
 * Learner</em>, 2024, algorithm 4), as prodigyopt defines it: Adam whose learning rate is found in
 * training. It estimates from below how far away the solution is, {@code d}, for the whole network.
 * With {@code b}, the bias correction, or 1 without,
 *
 * <pre>
 * r ← β₃r + (d/d₀)·dα·b·⟨g, θ₀−θ⟩     (of all parameters together)
 * m ← β₁m + (1−β₁)dg
 * v ← β₂v + (1−β₂)d²g²
 * s ← β₃s + (d/d₀)·dα·b·g
 * d' = max(d, c·r/‖s‖₁)              (‖s‖₁ of all parameters together)
 * θ ← θ − dα·b·m/(√v+d'ε)
 * d ← d'</pre>
 *
 * <p>Leave the learning rate {@code α} at 1, and use a schedule that falls from there, such as a
 * cosine; for fewer or longer steps change {@link Builder#optDCoefficient}. The first steps are as
 * short as {@code d₀}: it takes some tens of steps until {@code d} is found. {@link
 * StatefulOptimizer#networkNumber networkNumber("d")} gives it, for logs.
 *
 * <p>The estimate is made of all parameters, so that the network must be known, and the training
 * runs on one device. A scaling factor multiplies {@code α} of its parameters wherever it stands
 * above; prodigyopt knows no other than 0, which leaves a parameter out of the estimate here, too.
 * The decoupled decay takes {@code dα·b·λθ} from the weights, with {@code α} before scaling.
 *
 * <pre>{@code
 * Optimizer optimizer = Prodigy.builder().optBlock(model.getBlock()).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Prodigy extends StatefulOptimizer {

    private Prodigy(Builder builder) {
        super(
                builder,
                new Rule(
                        builder.betas(),
                        builder.beta3,
                        builder.d0,
                        builder.dCoefficient,
                        builder.growthRate,
                        builder.safeguardWarmup,
                        builder.biasCorrection));
    }

    /** With {@code beta3} below 0 for {@code √β₂}, and {@code growthRate} for no bound. */
    private record Rule(
            Betas betas,
            float beta3,
            float d0,
            float dCoefficient,
            float growthRate,
            boolean safeguardWarmup,
            boolean biasCorrection)
            implements UpdateRule {

        private static final String NAME = "prodigy";

        /** The estimate. */
        private static final String D = "d";

        /** The estimate before the step, with which the step is made. */
        private static final String LAST_D = "last_d";

        private static final String LARGEST_D = "largest_d";
        private static final String NUMERATOR = "numerator";
        private static final String GRADIENT_SUM = "gradient_sum";
        private static final String INITIAL = "initial_weight";
        private static final String PROGRESS = "progress";
        private static final String DENOMINATOR = "denominator";

        /** Above every estimate, so that it bounds none. */
        private static final double NO_BOUND = 1e300;

        private Rule {
            Ranges.requireBeta("beta3", beta3 < 0 && Float.isFinite(beta3) ? 0 : beta3);
            Ranges.requirePositive("d0", d0);
            Ranges.requirePositive("d coefficient", dCoefficient);
            if (!(growthRate < 0) && !(growthRate >= 1 && Float.isFinite(growthRate))) {
                throw new IllegalArgumentException(
                        "The growth rate must be a finite number, 1 or more, or negative for none,"
                                + " found "
                                + growthRate
                                + ".");
            }
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = betas.describe();
            description.put("beta3", Ranges.decimal(beta3));
            description.put("d0", Ranges.decimal(d0));
            description.put("dCoefficient", Ranges.decimal(dCoefficient));
            description.put("growthRate", Ranges.decimal(growthRate));
            description.put("safeguardWarmup", safeguardWarmup);
            description.put("biasCorrection", biasCorrection);
            return description;
        }

        /** Second moments are left alone: beside {@code d₀ε} there is none too small to count. */
        @Override
        public List<Slot> slots() {
            List<Slot> slots = new ArrayList<>();
            if (betas.beta1() > 0) {
                slots.add(Moments.velocity(Betas.FIRST));
            }
            slots.add(Slot.zeros(Betas.SECOND));
            slots.add(Slot.zeros(GRADIENT_SUM));
            slots.add(Slot.ofWeight(INITIAL));
            return List.copyOf(slots);
        }

        @Override
        public List<NetworkNumber> networkNumbers() {
            return List.of(
                    new NetworkNumber(D, d0),
                    new NetworkNumber(LAST_D, d0),
                    new NetworkNumber(LARGEST_D, d0),
                    new NetworkNumber(NUMERATOR, 0));
        }

        @Override
        public boolean takesDecay() {
            return true;
        }

        @Override
        public void gather(Step s) {
            Operand d = s.networkNumber(D);
            Operand way = s.add(s.slot(INITIAL), s.weights(), s.constant(-1));
            s.addToSum(PROGRESS, s.mul(s.gradients(), way), s.number(this::rate));
            Operand gradients = s.mul(s.gradients(), d);
            if (betas.beta1() > 0) {
                s.lerpInPlace(s.slot(Betas.FIRST), gradients, 1.0 - betas.beta1());
            }
            Operand second = s.slot(Betas.SECOND);
            s.mulInPlace(second, betas.beta2());
            s.addcmulInPlace(second, gradients, gradients, 1.0 - betas.beta2());
            Operand sum = s.slot(GRADIENT_SUM);
            s.mulInPlace(sum, ofSum());
            s.addInPlace(
                    sum,
                    s.mul(gradients, d),
                    safeguardWarmup ? s.constant(1.0 / d0) : s.number(n -> rate(n) / d0));
            s.addToSum(DENOMINATOR, s.abs(sum), s.constant(1));
        }

        @Override
        public void settle(NetworkStep s) {
            Operand d = s.networkNumber(D);
            Operand progress = s.mul(s.mul(s.mul(d, d), s.sum(PROGRESS)), s.constant(1.0 / d0));
            Operand numerator =
                    s.add(
                            s.mul(s.networkNumber(NUMERATOR), s.constant(ofSum())),
                            progress,
                            s.constant(1));
            // Where there never was a gradient, both are 0, and so is the quotient.
            Operand denominator = s.clampMin(s.sum(DENOMINATOR), s.constant(Double.MIN_NORMAL));
            Operand found =
                    s.mul(
                            s.div(s.mul(numerator, s.sign(s.sum(DENOMINATOR))), denominator),
                            s.constant(dCoefficient));
            Operand largest = s.maximum(s.networkNumber(LARGEST_D), found);
            s.set(NUMERATOR, numerator);
            s.set(LARGEST_D, largest);
            s.set(LAST_D, d);
            s.set(D, growthRate >= 0 ? s.minimum(largest, bound(s, d)) : largest);
        }

        /** What the estimate may grow to: the first time beyond {@code d₀} to anything. */
        private Operand bound(NetworkStep s, Operand d) {
            Operand above = s.sign(s.add(d, s.constant(-d0)));
            Operand first = s.add(s.mul(above, s.constant(-1)), s.constant(1));
            return s.add(s.mul(d, s.constant(growthRate)), first, s.constant(NO_BOUND));
        }

        @Override
        public void update(Step s) {
            Operand d = s.networkNumber(D);
            Operand last = s.networkNumber(LAST_D);
            if (s.decays()) {
                s.addInPlace(
                        s.weights(),
                        s.mul(s.weights(), last),
                        s.number(n -> -(double) n.baseRate() * n.weightDecay() * correction(n)));
            }
            Operand root = s.sqrt(s.slot(Betas.SECOND));
            Operand denominator = s.add(root, s.mul(d, s.constant(betas.epsilon())), s.constant(1));
            Operand direction = betas.beta1() > 0 ? s.slot(Betas.FIRST) : s.mul(s.gradients(), d);
            s.addcdivInPlace(
                    s.weights(), s.mul(direction, last), denominator, s.number(n -> -rate(n)));
        }

        private double ofSum() {
            return beta3 < 0 ? Math.sqrt(betas.beta2()) : beta3;
        }

        private double rate(StepNumbers n) {
            return n.rate() * correction(n);
        }

        private double correction(StepNumbers n) {
            return biasCorrection ? betas.rootCorrection2(n) / betas.correction1(n) : 1;
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

    /** Builds a {@link Prodigy}. The learning rate is 1 by default; the network must be set. */
    public static final class Builder extends AdamBuilder<Builder> {

        private float beta3 = -1;
        private float d0 = 1e-6f;
        private float dCoefficient = 1;
        private float growthRate = -1;
        private boolean safeguardWarmup;
        private boolean biasCorrection;

        private Builder() {
            super(1e-8f);
            defaultLearningRate(1);
        }

        /**
         * Sets the decay of what the estimate is made of (default: the root of {@code β₂}).
         *
         * @param beta3 {@code β₃}, in [0, 1); negative for the default
         * @return this builder
         */
        public Builder optBeta3(float beta3) {
            this.beta3 = beta3;
            return this;
        }

        /**
         * Sets the estimate to begin with (default 1e-6), which must be too small. It rarely needs
         * to be changed.
         *
         * @param d0 {@code d₀}, above 0
         * @return this builder
         */
        public Builder optD0(float d0) {
            this.d0 = d0;
            return this;
        }

        /**
         * Sets what the estimate is multiplied by (default 1): the way to tune Prodigy, with values
         * such as 0.5 and 2.
         *
         * @param dCoefficient {@code c}, above 0
         * @return this builder
         */
        public Builder optDCoefficient(float dCoefficient) {
            this.dCoefficient = dCoefficient;
            return this;
        }

        /**
         * Sets by which factor the estimate may grow in a step, once it is above {@code d₀}
         * (default: by any). A value such as 1.02 has the effect of a warm-up.
         *
         * @param growthRate the factor, 1 or more; negative for any
         * @return this builder
         */
        public Builder optGrowthRate(float growthRate) {
            this.growthRate = growthRate;
            return this;
        }

        /**
         * Sets whether {@code α·b} is left out of {@code s} (default no), so that a learning rate
         * that warms up does not make the estimate too large.
         *
         * @param safeguardWarmup whether it is
         * @return this builder
         */
        public Builder optSafeguardWarmup(boolean safeguardWarmup) {
            this.safeguardWarmup = safeguardWarmup;
            return this;
        }

        /**
         * Sets whether Adam's bias correction is used (default no).
         *
         * @param biasCorrection whether it is
         * @return this builder
         */
        public Builder optBiasCorrection(boolean biasCorrection) {
            this.biasCorrection = biasCorrection;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            Betas.read(description, this);
            beta3 = description.floatNumber("beta3");
            d0 = description.floatNumber("d0");
            dCoefficient = description.floatNumber("dCoefficient");
            growthRate = description.floatNumber("growthRate");
            safeguardWarmup = description.flag("safeguardWarmup");
            biasCorrection = description.flag("biasCorrection");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if no network was set, or an option is outside its range
         *     or contradicts another
         */
        public Prodigy build() {
            return new Prodigy(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
