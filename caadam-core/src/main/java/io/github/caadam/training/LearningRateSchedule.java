// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.training.tracker.Tracker;
import io.github.caadam.internal.Requirements;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/**
 * A learning rate that is a function of the step alone, for any DJL optimizer:
 *
 * <pre>{@code
 * LearningRateSchedule schedule =
 *         WarmUpSchedule.builder()
 *                 .setSteps(500)
 *                 .setNext(CosineSchedule.builder().setPeak(1e-3).setSteps(9_500).build())
 *                 .build();
 * Optimizer.adam().optLearningRateTracker(schedule).build();
 * }</pre>
 *
 * <p>Step 1 is the first, as DJL's optimizers count. In the equations of the schedules, t is the
 * number of steps that were made before, as in optax (count) and PyTorch (last_epoch): t = 0 in
 * step 1. Step 0, which DJL's {@link ai.djl.training.tracker.WarmUpTracker} asks for, has the rate
 * of step 1. Beyond its end, a schedule stays where it ended.
 *
 * <p>A schedule remembers nothing. So a training that goes on with its count of steps goes on with
 * its learning rate, and several optimizers can share a schedule. Rates are computed in double
 * precision and rounded once.
 *
 * @since 0.1.0
 */
public abstract class LearningRateSchedule implements Tracker {

    LearningRateSchedule() {}

    /** Returns the rate after a number of steps, 0 or more and less than the largest int. */
    abstract double after(int steps);

    /**
     * Returns the learning rate of a step.
     *
     * @param numUpdate the step, from 1; 0 counts as 1
     * @return the rate
     * @throws IllegalArgumentException if the step is below 0
     */
    @Override
    public final float getNewValue(int numUpdate) {
        if (numUpdate < 0) {
            throw new IllegalArgumentException(
                    "The step must be 0 or more, found "
                            + numUpdate
                            + ". Steps count from 1, up to "
                            + Integer.MAX_VALUE
                            + "; a count that ran over is negative.");
        }
        return (float) after(Math.max(numUpdate, 1) - 1);
    }

    /**
     * Returns this schedule with epochs in place of steps: what was said in steps is now meant in
     * epochs, and the rate stays the same within an epoch, as where PyTorch's {@code
     * scheduler.step()} is called once an epoch. For a rate that changes with each step, give the
     * schedule its lengths as epochs · stepsPerEpoch instead.
     *
     * @param stepsPerEpoch the number of steps in an epoch, 1 or more: rows / batch size, rounded
     *     up if the last batch is kept though it is smaller. Where a step accumulates {@code k}
     *     batches, divide by {@code k}; if a rest remains, which carries over, the epochs of the
     *     schedule drift from those of the training
     * @return the schedule by epoch
     * @throws IllegalArgumentException if the number is below 1
     */
    public final LearningRateSchedule byEpoch(int stepsPerEpoch) {
        return new ByEpoch(this, Requirements.positive("number of steps per epoch", stepsPerEpoch));
    }

    /**
     * Returns a learning rate that stays the same.
     *
     * @param rate the rate, above 0
     * @return the schedule
     * @throws IllegalArgumentException if the rate is not above 0, or not finite as a float
     */
    public static LearningRateSchedule constant(double rate) {
        return new Constant(requirePositiveRate("learning rate", rate));
    }

    /**
     * Returns a schedule of your own, which can be warmed up, joined and so on as the others. DJL's
     * trackers fit, {@code of(tracker::getNewValue)}, if they remember nothing. A rate below 0, or
     * not finite as a float, is an {@link IllegalArgumentException} when the step is asked for.
     *
     * @param rate the learning rate as a function of the step, which is 1 or more; it must give the
     *     same rate whenever it is asked
     * @return the schedule
     */
    public static LearningRateSchedule of(IntToDoubleFunction rate) {
        return new Custom(Objects.requireNonNull(rate, "rate"));
    }

    /** Checks a rate that may be 0. */
    static double requireRate(String name, double rate) {
        if (!(rate >= 0) || !Float.isFinite((float) rate)) {
            throw new IllegalArgumentException(
                    "The "
                            + name
                            + " must be 0 or more, and finite as a float, found "
                            + rate
                            + ".");
        }
        return rate;
    }

    /** Checks a rate that may not be 0, as a float neither. */
    static double requirePositiveRate(String name, double rate) {
        if (!((float) rate > 0) || !Float.isFinite((float) rate)) {
            throw new IllegalArgumentException(
                    "The " + name + " must be above 0, and finite as a float, found " + rate + ".");
        }
        return rate;
    }

    /** Checks that a floor is not above the peak. */
    static void requireOrder(double floor, double peak) {
        if (floor > peak) {
            throw new IllegalArgumentException(
                    "The floor must not be above the peak, found a floor of "
                            + floor
                            + " and a peak of "
                            + peak
                            + ": lower it by optFloor, or raise the peak by setPeak.");
        }
    }

    /** Returns what a setter was given, unless it was not called. */
    static <T> T requireSet(String name, String setter, T value) {
        if (value == null) {
            throw new IllegalArgumentException("The " + name + " is missing: call " + setter + ".");
        }
        return value;
    }

    /** Goes from one rate to another on half a cosine. */
    static double cosine(double from, double to, double fraction) {
        return to + (from - to) * (1 + Math.cos(Math.PI * fraction)) / 2;
    }

    /** Goes from one rate to another on a line. */
    static double linear(double from, double to, double fraction) {
        return from + (to - from) * fraction;
    }

    private static final class Constant extends LearningRateSchedule {

        private final double rate;

        private Constant(double rate) {
            this.rate = rate;
        }

        @Override
        double after(int steps) {
            return rate;
        }

        @Override
        public String toString() {
            return "LearningRateSchedule(" + rate + ")";
        }
    }

    private static final class Custom extends LearningRateSchedule {

        private final IntToDoubleFunction rate;

        private Custom(IntToDoubleFunction rate) {
            this.rate = rate;
        }

        @Override
        double after(int steps) {
            int step = steps + 1;
            return requireRate("learning rate of step " + step, rate.applyAsDouble(step));
        }

        @Override
        public String toString() {
            return "LearningRateSchedule(" + rate + ")";
        }
    }

    private static final class ByEpoch extends LearningRateSchedule {

        private final LearningRateSchedule schedule;
        private final int stepsPerEpoch;

        private ByEpoch(LearningRateSchedule schedule, int stepsPerEpoch) {
            this.schedule = schedule;
            this.stepsPerEpoch = stepsPerEpoch;
        }

        @Override
        double after(int steps) {
            return schedule.after(steps / stepsPerEpoch);
        }

        @Override
        public String toString() {
            return schedule + " by epoch of " + stepsPerEpoch + " steps";
        }
    }
}
