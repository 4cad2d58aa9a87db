// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import io.github.caadam.internal.Requirements;
import java.util.Objects;

/**
 * A learning rate that rises on a line to where another schedule starts, which then follows:
 *
 * <pre>
 * rate(t) = start + (next(0) − start) · t / W    for t &lt; W
 * rate(t) = next(t − W)                          from t = W on
 * </pre>
 *
 * <p>with t steps made before and a warm-up of W steps. The schedule that follows begins anew after
 * the warm-up, so its own length does not contain it. It is optax' {@code linear_schedule} joined
 * with the other. As there, the first step has the start rate; with the default of 0 it moves no
 * weight.
 *
 * <p>Source: Goyal et al., <i>Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour</i>, 2017,
 * section 2.2, <a href="https://arxiv.org/abs/1706.02677">arXiv:1706.02677</a>.
 *
 * @since 0.1.0
 */
public final class WarmUpSchedule extends LearningRateSchedule {

    private final int steps;
    private final double start;
    private final LearningRateSchedule next;

    private WarmUpSchedule(Builder builder) {
        steps = requireSet("number of steps", "setSteps", builder.steps);
        next = requireSet("schedule that follows", "setNext", builder.next);
        start = builder.start;
    }

    @Override
    double after(int made) {
        return made < steps
                ? linear(start, next.after(0), (double) made / steps)
                : next.after(made - steps);
    }

    /** Returns the settings in words. */
    @Override
    public String toString() {
        return "WarmUpSchedule(start=" + start + ", steps=" + steps + ", next=" + next + ")";
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link WarmUpSchedule}. */
    public static final class Builder {

        private Integer steps;
        private LearningRateSchedule next;
        private double start;

        private Builder() {}

        /**
         * Sets the length of the warm-up.
         *
         * @param steps the number of steps, 0 or more; with 0 there is no warm-up
         * @return this builder
         */
        public Builder setSteps(int steps) {
            this.steps = Requirements.nonNegative("number of steps of the warm-up", steps);
            return this;
        }

        /**
         * Sets what follows.
         *
         * @param next the schedule
         * @return this builder
         */
        public Builder setNext(LearningRateSchedule next) {
            this.next = Objects.requireNonNull(next, "next");
            return this;
        }

        /**
         * Sets the rate of the first step (default 0).
         *
         * @param start the rate, 0 or more
         * @return this builder
         */
        public Builder optStart(double start) {
            this.start = requireRate("start", start);
            return this;
        }

        /**
         * Builds the schedule.
         *
         * @return the schedule
         * @throws IllegalArgumentException if the number of steps, or what follows, is missing
         */
        public WarmUpSchedule build() {
            return new WarmUpSchedule(this);
        }
    }
}
