// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import io.github.caadam.internal.Requirements;
import java.util.Objects;

/**
 * A learning rate that warms up, stays at its peak, and decays at the end (WSD):
 *
 * <pre>
 * rate(t) = start + (peak − start) · t / W                       for t &lt; W
 * rate(t) = peak                                                 for W ≤ t &lt; T − D
 * rate(t) = floor + (peak − floor) · f((t − (T − D)) / D)        for T − D ≤ t &lt; T
 * rate(t) = floor                                                from t = T on
 * </pre>
 *
 * <p>with t steps made before, W steps of warm-up, D of decay, T in all, and f(u) = 1 − u or 1 −
 * √u. Unlike a cosine, it need not know its length before the decay begins: a checkpoint from the
 * stable phase can be trained on, or cooled down.
 *
 * <p>Sources: Hu et al., <i>MiniCPM: Unveiling the Potential of Small Language Models with Scalable
 * Training Strategies</i>, 2024, section 4, <a
 * href="https://arxiv.org/abs/2404.06395">arXiv:2404.06395</a>; for the two decays Hägele et al.,
 * <i>Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations</i>, 2024, section
 * 3, <a href="https://arxiv.org/abs/2405.18392">arXiv:2405.18392</a>.
 *
 * @since 0.1.0
 */
public final class WarmUpStableDecaySchedule extends LearningRateSchedule {

    /** The shape of a decay. */
    public enum Decay {
        /** A line: 1 − u. */
        LINEAR,
        /** One minus the square root: 1 − √u. */
        ONE_MINUS_SQRT;

        private double left(double fraction) {
            return 1 - (this == LINEAR ? fraction : Math.sqrt(fraction));
        }
    }

    private final double peak;
    private final double start;
    private final double floor;
    private final int steps;
    private final int warmUpSteps;
    private final int decaySteps;
    private final Decay decay;

    private WarmUpStableDecaySchedule(Builder builder) {
        peak = requireSet("peak", "setPeak", builder.peak);
        steps = requireSet("number of steps", "setSteps", builder.steps);
        decaySteps =
                requireSet("number of steps of the decay", "setDecaySteps", builder.decaySteps);
        warmUpSteps = builder.warmUpSteps;
        start = builder.start;
        floor = builder.floor;
        decay = builder.decay;
        requireOrder(floor, peak);
        if ((long) warmUpSteps + decaySteps > steps) {
            throw new IllegalArgumentException(
                    "Warm-up and decay must fit into the steps, found "
                            + warmUpSteps
                            + " and "
                            + decaySteps
                            + " of "
                            + steps
                            + ": setSteps takes all steps, warm-up and decay included.");
        }
    }

    @Override
    double after(int made) {
        if (made < warmUpSteps) {
            return linear(start, peak, (double) made / warmUpSteps);
        }
        int decayed = made - (steps - decaySteps);
        if (decayed >= decaySteps) {
            return floor;
        }
        return decayed <= 0 ? peak : linear(floor, peak, decay.left((double) decayed / decaySteps));
    }

    /** Returns the settings in words. */
    @Override
    public String toString() {
        return "WarmUpStableDecaySchedule(start="
                + start
                + ", peak="
                + peak
                + ", floor="
                + floor
                + ", steps="
                + steps
                + ", warmUpSteps="
                + warmUpSteps
                + ", decaySteps="
                + decaySteps
                + ", decay="
                + decay
                + ")";
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link WarmUpStableDecaySchedule}. */
    public static final class Builder {

        private Double peak;
        private Integer steps;
        private Integer decaySteps;
        private int warmUpSteps;
        private double start;
        private double floor;
        private Decay decay = Decay.LINEAR;

        private Builder() {}

        /**
         * Sets the rate of the stable phase.
         *
         * @param peak the rate, above 0
         * @return this builder
         */
        public Builder setPeak(double peak) {
            this.peak = requirePositiveRate("peak", peak);
            return this;
        }

        /**
         * Sets the number of steps in all, warm-up and decay included.
         *
         * @param steps the number of steps, 1 or more
         * @return this builder
         */
        public Builder setSteps(int steps) {
            this.steps = Requirements.positive("number of steps", steps);
            return this;
        }

        /**
         * Sets how many of the steps, the last ones, are of the decay.
         *
         * @param decaySteps the number of steps, 0 or more
         * @return this builder
         */
        public Builder setDecaySteps(int decaySteps) {
            this.decaySteps = Requirements.nonNegative("number of steps of the decay", decaySteps);
            return this;
        }

        /**
         * Sets how many of the steps, the first ones, are of the warm-up (default 0).
         *
         * @param warmUpSteps the number of steps, 0 or more
         * @return this builder
         */
        public Builder optWarmUpSteps(int warmUpSteps) {
            this.warmUpSteps =
                    Requirements.nonNegative("number of steps of the warm-up", warmUpSteps);
            return this;
        }

        /**
         * Sets the rate of the first step of the warm-up (default 0).
         *
         * @param start the rate, 0 or more
         * @return this builder
         */
        public Builder optStart(double start) {
            this.start = requireRate("start", start);
            return this;
        }

        /**
         * Sets the rate at the end and beyond (default 0).
         *
         * @param floor the rate, from 0 to the peak
         * @return this builder
         */
        public Builder optFloor(double floor) {
            this.floor = requireRate("floor", floor);
            return this;
        }

        /**
         * Sets the shape of the decay (default {@link Decay#LINEAR}).
         *
         * @param decay the shape
         * @return this builder
         */
        public Builder optDecay(Decay decay) {
            this.decay = Objects.requireNonNull(decay, "decay");
            return this;
        }

        /**
         * Builds the schedule.
         *
         * @return the schedule
         * @throws IllegalArgumentException if the peak or a number of steps is missing, if warm-up
         *     and decay are longer than the whole, or if the floor is above the peak
         */
        public WarmUpStableDecaySchedule build() {
            return new WarmUpStableDecaySchedule(this);
        }
    }
}
