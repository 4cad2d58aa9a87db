// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import io.github.caadam.internal.Requirements;

/**
 * A learning rate that rises to a peak once and then falls far below where it began, as PyTorch's
 * {@code OneCycleLR} of two phases defines it:
 *
 * <pre>
 * start = peak / divisor, end = start / finalDivisor, U = rise · T − 1
 * rate(t) = from start to peak, at t / U                     for t ≤ U
 * rate(t) = from peak to end, at (t − U) / (T − 1 − U)       for U &lt; t &lt; T
 * rate(t) = end                                              from t = T on
 * </pre>
 *
 * <p>with t steps made before and T steps in all; from one to the other it goes on half a cosine,
 * or on a line. The peak may lie between two steps, and the last step has the end rate; with one
 * step in all, that is the only one, unless the rate is to rise in all of it. PyTorch rises again
 * in the step after the last, refuses the next, and divides by zero where rise · T is 1; here the
 * rate stays at its end, and step 1 has the peak then.
 *
 * <p>PyTorch cycles the momentum as well; this is a learning rate only ({@code
 * cycle_momentum=False}).
 *
 * <p>Source: Smith and Topin, <i>Super-Convergence: Very Fast Training of Neural Networks Using
 * Large Learning Rates</i>, 2018, <a href="https://arxiv.org/abs/1708.07120">arXiv:1708.07120</a>.
 *
 * @since 0.1.0
 */
public final class OneCycleSchedule extends LearningRateSchedule {

    private final double peak;
    private final int steps;
    private final double rise;
    private final double start;
    private final double end;
    private final boolean linear;

    private OneCycleSchedule(Builder builder) {
        peak = requireSet("peak", "setPeak", builder.peak);
        steps = requireSet("number of steps", "setSteps", builder.steps);
        rise = builder.rise;
        start = peak / builder.divisor;
        end = start / builder.finalDivisor;
        linear = builder.linear;
    }

    @Override
    double after(int made) {
        double top = rise * steps - 1;
        if (made == top) {
            return peak;
        }
        if (made < top) {
            return between(start, peak, made / top);
        }
        return made >= steps - 1 ? end : between(peak, end, (made - top) / (steps - 1 - top));
    }

    private double between(double from, double to, double fraction) {
        return linear ? linear(from, to, fraction) : cosine(from, to, fraction);
    }

    /** Returns the settings in words. */
    @Override
    public String toString() {
        return "OneCycleSchedule(start="
                + start
                + ", peak="
                + peak
                + ", end="
                + end
                + ", steps="
                + steps
                + ", rise="
                + rise
                + (linear ? ", linear)" : ", cosine)");
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link OneCycleSchedule}; the defaults are PyTorch's. */
    public static final class Builder {

        private Double peak;
        private Integer steps;
        private double rise = 0.3;
        private double divisor = 25;
        private double finalDivisor = 1e4;
        private boolean linear;

        private Builder() {}

        /**
         * Sets the highest rate (PyTorch: max_lr).
         *
         * @param peak the rate, above 0
         * @return this builder
         */
        public Builder setPeak(double peak) {
            this.peak = requirePositiveRate("peak", peak);
            return this;
        }

        /**
         * Sets the length of the cycle (PyTorch: total_steps).
         *
         * @param steps the number of steps, 1 or more
         * @return this builder
         */
        public Builder setSteps(int steps) {
            this.steps = Requirements.positive("number of steps", steps);
            return this;
        }

        /**
         * Sets which part of the steps the rate rises in (default 0.3; PyTorch: pct_start).
         *
         * @param rise the part, from 0 to 1
         * @return this builder
         */
        public Builder optRise(double rise) {
            if (!(rise >= 0 && rise <= 1)) {
                throw new IllegalArgumentException(
                        "The part of the steps in which the rate rises must be in [0, 1], found "
                                + rise
                                + ".");
            }
            this.rise = rise;
            return this;
        }

        /**
         * Sets what the peak is divided by for the rate at the start (default 25; PyTorch:
         * div_factor).
         *
         * @param divisor the divisor, 1 or more
         * @return this builder
         */
        public Builder optDivisor(double divisor) {
            this.divisor = requireDivisor("divisor", divisor);
            return this;
        }

        /**
         * Sets what the rate at the start is divided by for the one at the end (default 10,000;
         * PyTorch: final_div_factor).
         *
         * @param finalDivisor the divisor, 1 or more
         * @return this builder
         */
        public Builder optFinalDivisor(double finalDivisor) {
            this.finalDivisor = requireDivisor("final divisor", finalDivisor);
            return this;
        }

        private static double requireDivisor(String name, double divisor) {
            if (!(divisor >= 1) || Double.isInfinite(divisor)) {
                throw new IllegalArgumentException(
                        "The "
                                + name
                                + " must be a finite number, 1 or more, found "
                                + divisor
                                + ".");
            }
            return divisor;
        }

        /**
         * Goes on lines rather than on cosines (PyTorch: anneal_strategy="linear").
         *
         * @return this builder
         */
        public Builder optLinear() {
            linear = true;
            return this;
        }

        /**
         * Builds the schedule.
         *
         * @return the schedule
         * @throws IllegalArgumentException if the peak or the number of steps is missing
         */
        public OneCycleSchedule build() {
            return new OneCycleSchedule(this);
        }
    }
}
