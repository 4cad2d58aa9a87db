// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import io.github.caadam.internal.Requirements;

/**
 * A learning rate that falls on half a cosine from its peak to a floor:
 *
 * <pre>
 * rate(t) = floor + (peak − floor) · (1 + cos(π · min(t, T) / T)) / 2
 * </pre>
 *
 * <p>with t steps made before and a length of T steps. It is optax' {@code cosine_decay_schedule},
 * and PyTorch's {@code CosineAnnealingLR} up to T. As there, the floor is reached once T steps were
 * made, in step T + 1.
 *
 * <p>Source: Loshchilov and Hutter, <i>SGDR: Stochastic Gradient Descent with Warm Restarts</i>,
 * 2017, equation 5, <a href="https://arxiv.org/abs/1608.03983">arXiv:1608.03983</a>. With restarts:
 * {@link WarmRestartsSchedule}.
 *
 * @since 0.1.0
 */
public final class CosineSchedule extends LearningRateSchedule {

    private final double peak;
    private final double floor;
    private final int steps;

    private CosineSchedule(Builder builder) {
        peak = requireSet("peak", "setPeak", builder.peak);
        steps = requireSet("number of steps", "setSteps", builder.steps);
        floor = builder.floor;
        requireOrder(floor, peak);
    }

    @Override
    double after(int made) {
        return made >= steps ? floor : cosine(peak, floor, (double) made / steps);
    }

    /** Returns the settings in words. */
    @Override
    public String toString() {
        return "CosineSchedule(peak=" + peak + ", floor=" + floor + ", steps=" + steps + ")";
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link CosineSchedule}. */
    public static final class Builder {

        private Double peak;
        private Integer steps;
        private double floor;

        private Builder() {}

        /**
         * Sets the rate of the first step.
         *
         * @param peak the rate, above 0
         * @return this builder
         */
        public Builder setPeak(double peak) {
            this.peak = requirePositiveRate("peak", peak);
            return this;
        }

        /**
         * Sets after how many steps the floor is reached.
         *
         * @param steps the number of steps, 1 or more
         * @return this builder
         */
        public Builder setSteps(int steps) {
            this.steps = Requirements.positive("number of steps", steps);
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
         * Builds the schedule.
         *
         * @return the schedule
         * @throws IllegalArgumentException if the peak or the number of steps is missing, or if the
         *     floor is above the peak
         */
        public CosineSchedule build() {
            return new CosineSchedule(this);
        }
    }
}
