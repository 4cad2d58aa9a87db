// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Several schedules, one after the other:
 *
 * <pre>
 * rate(t) = scheduleᵢ(t − bᵢ)    for bᵢ ≤ t &lt; bᵢ₊₁, with b₀ = 0
 * </pre>
 *
 * <p>with t steps made before. Each schedule begins anew at its boundary. It is optax' {@code
 * join_schedules}. Of constants, it is a piecewise constant rate (optax' {@code
 * piecewise_constant_schedule}, PyTorch's {@code MultiStepLR}), for which {@link
 * Builder#addAfter(int, double)} takes plain numbers:
 *
 * <pre>{@code
 * JoinedSchedule.builder().setFirst(0.1).addAfter(30, 0.01).addAfter(60, 0.001).build()
 *         .byEpoch(stepsPerEpoch);
 * }</pre>
 *
 * <p>Source: <a
 * href="https://optax.readthedocs.io/en/latest/api/optimizer_schedules.html">optax</a>.
 *
 * @since 0.1.0
 */
public final class JoinedSchedule extends LearningRateSchedule {

    private final List<LearningRateSchedule> schedules;
    private final List<Integer> boundaries;

    private JoinedSchedule(Builder builder) {
        List<LearningRateSchedule> all = new ArrayList<>();
        all.add(requireSet("first schedule", "setFirst", builder.first));
        all.addAll(builder.others);
        schedules = List.copyOf(all);
        boundaries = List.copyOf(builder.boundaries);
    }

    @Override
    double after(int made) {
        int i = boundaries.size();
        while (i > 0 && made < boundaries.get(i - 1)) {
            i--;
        }
        return schedules.get(i).after(i == 0 ? made : made - boundaries.get(i - 1));
    }

    /** Returns the schedules and their boundaries in words. */
    @Override
    public String toString() {
        return "JoinedSchedule(schedules=" + schedules + ", boundaries=" + boundaries + ")";
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link JoinedSchedule}. */
    public static final class Builder {

        private LearningRateSchedule first;
        private final List<LearningRateSchedule> others = new ArrayList<>();
        private final List<Integer> boundaries = new ArrayList<>();

        private Builder() {}

        /**
         * Sets the schedule of the first step.
         *
         * @param schedule the schedule
         * @return this builder
         */
        public Builder setFirst(LearningRateSchedule schedule) {
            first = Objects.requireNonNull(schedule, "schedule");
            return this;
        }

        /**
         * Sets a constant rate as the first schedule.
         *
         * @param rate the rate, above 0
         * @return this builder
         */
        public Builder setFirst(double rate) {
            return setFirst(constant(rate));
        }

        /**
         * Adds a schedule after a number of steps in all.
         *
         * @param steps how many steps are made before it begins, counted from the beginning of the
         *     training: 1 or more, and more than for the schedule before
         * @param schedule the schedule, which begins anew then
         * @return this builder
         * @throws IllegalArgumentException if the steps do not ascend from call to call
         */
        public Builder addAfter(int steps, LearningRateSchedule schedule) {
            Objects.requireNonNull(schedule, "schedule");
            int latest = boundaries.isEmpty() ? 0 : boundaries.get(boundaries.size() - 1);
            if (steps <= latest) {
                throw new IllegalArgumentException(
                        "A schedule must begin after more steps than the one before, found "
                                + steps
                                + " after "
                                + latest
                                + ": add them in order, with steps counted from the beginning of"
                                + " the training.");
            }
            boundaries.add(steps);
            others.add(schedule);
            return this;
        }

        /**
         * Adds a constant rate after a number of steps in all.
         *
         * @param steps as in {@link #addAfter(int, LearningRateSchedule)}
         * @param rate the rate, above 0
         * @return this builder
         * @throws IllegalArgumentException if the steps do not ascend from call to call
         */
        public Builder addAfter(int steps, double rate) {
            return addAfter(steps, constant(rate));
        }

        /**
         * Builds the schedule.
         *
         * @return the schedule
         * @throws IllegalArgumentException if the first schedule is missing
         */
        public JoinedSchedule build() {
            return new JoinedSchedule(this);
        }
    }
}
