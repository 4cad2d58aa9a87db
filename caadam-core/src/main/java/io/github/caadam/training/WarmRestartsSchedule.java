// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import io.github.caadam.internal.Requirements;

/**
 * A learning rate that falls on half a cosine and then jumps back to its peak, again and again, in
 * periods that may grow (SGDR):
 *
 * <pre>
 * rate(t) = floor + (peak − floor) · (1 + cos(π · c / Tᵢ)) / 2,    Tᵢ₊₁ = factor · Tᵢ
 * </pre>
 *
 * <p>with c steps made since the last restart in a period of Tᵢ steps. It is PyTorch's {@code
 * CosineAnnealingWarmRestarts}: a restart has the peak, and the last step of a period is just above
 * the floor.
 *
 * <p>Source: Loshchilov and Hutter, <i>SGDR: Stochastic Gradient Descent with Warm Restarts</i>,
 * 2017, equation 5 and section 3, <a href="https://arxiv.org/abs/1608.03983">arXiv:1608.03983</a>;
 * T₀ and T_mult there are the first period and the factor here.
 *
 * @since 0.1.0
 */
public final class WarmRestartsSchedule extends LearningRateSchedule {

    private final double peak;
    private final double floor;
    private final int firstPeriod;
    private final int factor;

    private WarmRestartsSchedule(Builder builder) {
        peak = requireSet("peak", "setPeak", builder.peak);
        firstPeriod = requireSet("first period", "setFirstPeriod", builder.firstPeriod);
        floor = builder.floor;
        factor = builder.factor;
        requireOrder(floor, peak);
    }

    @Override
    double after(int made) {
        long period = firstPeriod;
        long since = made;
        if (factor == 1) {
            since %= period;
        } else {
            while (since >= period) {
                since -= period;
                period *= factor;
            }
        }
        return cosine(peak, floor, (double) since / period);
    }

    /** Returns the settings in words. */
    @Override
    public String toString() {
        return "WarmRestartsSchedule(peak="
                + peak
                + ", floor="
                + floor
                + ", firstPeriod="
                + firstPeriod
                + ", factor="
                + factor
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

    /** Builds a {@link WarmRestartsSchedule}. */
    public static final class Builder {

        private Double peak;
        private Integer firstPeriod;
        private double floor;
        private int factor = 1;

        private Builder() {}

        /**
         * Sets the rate of the first step and of each restart.
         *
         * @param peak the rate, above 0
         * @return this builder
         */
        public Builder setPeak(double peak) {
            this.peak = requirePositiveRate("peak", peak);
            return this;
        }

        /**
         * Sets after how many steps the first restart comes.
         *
         * @param firstPeriod the number of steps, 1 or more
         * @return this builder
         */
        public Builder setFirstPeriod(int firstPeriod) {
            this.firstPeriod = Requirements.positive("first period", firstPeriod);
            return this;
        }

        /**
         * Sets how many times longer each period is than the one before (default 1).
         *
         * @param factor the factor, 1 or more
         * @return this builder
         */
        public Builder optFactor(int factor) {
            this.factor = Requirements.positive("factor of the periods", factor);
            return this;
        }

        /**
         * Sets the rate that each period falls to (default 0).
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
         * @throws IllegalArgumentException if the peak or the first period is missing, or if the
         *     floor is above the peak
         */
        public WarmRestartsSchedule build() {
            return new WarmRestartsSchedule(this);
        }
    }
}
