// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import io.github.caadam.internal.Requirements;

/**
 * A learning rate that is multiplied by a factor again and again:
 *
 * <pre>
 * rate(t) = max(floor, peak · factor^(t / N))
 * </pre>
 *
 * <p>with t steps made before; the factor is reached in N steps, and t / N is rounded down if the
 * rate is to fall in stairs. It is optax' {@code exponential_decay}, and with N = 1 PyTorch's
 * {@code ExponentialLR}.
 *
 * <p>Source: <a
 * href="https://optax.readthedocs.io/en/latest/api/optimizer_schedules.html">optax</a>, whose
 * {@code end_value} is the floor.
 *
 * @since 0.1.0
 */
public final class ExponentialSchedule extends LearningRateSchedule {

    private final double peak;
    private final double factor;
    private final int steps;
    private final boolean stairs;
    private final double floor;

    private ExponentialSchedule(Builder builder) {
        peak = requireSet("peak", "setPeak", builder.peak);
        factor = requireSet("factor", "setFactor", builder.factor);
        steps = builder.steps;
        stairs = builder.stairs;
        floor = builder.floor;
        requireOrder(floor, peak);
    }

    @Override
    double after(int made) {
        double times = (double) made / steps;
        return Math.max(floor, peak * Math.pow(factor, stairs ? Math.floor(times) : times));
    }

    /** Returns the settings in words. */
    @Override
    public String toString() {
        return "ExponentialSchedule(peak="
                + peak
                + ", floor="
                + floor
                + ", factor="
                + factor
                + ", steps="
                + steps
                + (stairs ? ", stairs)" : ")");
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds an {@link ExponentialSchedule}. */
    public static final class Builder {

        private Double peak;
        private Double factor;
        private int steps = 1;
        private boolean stairs;
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
         * Sets what the rate is multiplied by.
         *
         * @param factor the factor, above 0 and at most 1
         * @return this builder
         */
        public Builder setFactor(double factor) {
            if (!(factor > 0 && factor <= 1)) {
                throw new IllegalArgumentException(
                        "The factor must be in (0, 1], found " + factor + ".");
            }
            this.factor = factor;
            return this;
        }

        /**
         * Sets in how many steps the rate is multiplied by the factor once (default 1).
         *
         * @param steps the number of steps, 1 or more
         * @return this builder
         */
        public Builder optSteps(int steps) {
            this.steps = Requirements.positive("number of steps", steps);
            return this;
        }

        /**
         * Keeps the rate between multiplications, so that it falls in stairs.
         *
         * @return this builder
         */
        public Builder optStairs() {
            stairs = true;
            return this;
        }

        /**
         * Sets the rate that is never undercut (default 0).
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
         * @throws IllegalArgumentException if the peak or the factor is missing, or if the floor is
         *     above the peak
         */
        public ExponentialSchedule build() {
            return new ExponentialSchedule(this);
        }
    }
}
