// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.training.tracker.Tracker;
import io.github.caadam.internal.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A learning rate that is reduced when a monitored value, usually the validation loss, has stopped
 * improving: Keras' {@code ReduceLROnPlateau} as a DJL {@link Tracker}. Hand it to an optimizer as
 * its learning-rate tracker and call {@link #update} at the end of every epoch, or let an {@link
 * EpochListener} do so.
 *
 * <p>An epoch improves if its value is better than the best so far by more than the minimum delta,
 * compared in single precision as Keras does. After as many epochs without improvement as the
 * patience says, the rate is multiplied by the factor, and the count starts anew; the best value
 * stays. The first value is the best so far. NaN never is; in Keras it is if it comes first, and
 * then nothing ever improves on it.
 *
 * <p>A {@link LearningRateSchedule} may lie below: {@link Builder#optSchedule}. The rate is then
 * the schedule's, multiplied by a factor that falls on plateaus.
 *
 * @since 0.1.0
 */
public final class PlateauTracker implements Tracker, Resumable {

    private static final String KIND = "a saved plateau tracker";

    private final Monitor monitor;
    private final double factor;
    private final int patience;
    private final double minDelta;
    private final int cooldown;
    private final double minValue;
    private final LearningRateSchedule schedule;

    private volatile float value;
    private double best;
    private boolean hasBest;
    private boolean isUsed;
    private int wait;
    private int cooldownCounter;

    private PlateauTracker(Builder builder) {
        monitor = builder.monitor;
        schedule = builder.schedule;
        value =
                requirePositive(
                        "base value",
                        builder.baseValue == null ? (schedule == null ? 0 : 1) : builder.baseValue);
        factor = builder.factor;
        patience = builder.patience;
        minDelta = builder.minDelta;
        cooldown = builder.cooldown;
        minValue = builder.minValue;
    }

    private static float requirePositive(String name, float value) {
        if (!(value > 0) || Float.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "The " + name + " must be a finite number above 0, found " + value + ".");
        }
        return value;
    }

    /**
     * Returns the current learning rate.
     *
     * @param numUpdate the step, from 1; ignored without a schedule, as the rate changes by epoch
     * @return the rate
     * @throws IllegalArgumentException if there is a schedule, and the step is below 0
     */
    @Override
    public float getNewValue(int numUpdate) {
        return schedule == null ? value : value * schedule.getNewValue(numUpdate);
    }

    /**
     * Returns the current learning rate, or with a schedule the factor that its rate is multiplied
     * by.
     *
     * @return the rate or the factor
     */
    public float value() {
        return value;
    }

    /**
     * Takes the monitored value of the epoch that ended.
     *
     * @param monitored the value
     * @return whether the rate, or with a schedule the factor, was reduced
     */
    public boolean update(double monitored) {
        isUsed = true;
        if (cooldownCounter > 0) {
            cooldownCounter--;
            wait = 0;
        }
        if (isBest(monitored)) {
            hasBest = true;
            best = monitored;
            wait = 0;
            return false;
        }
        if (cooldownCounter > 0) {
            return false;
        }
        wait++;
        if (wait < patience || value <= (float) minValue) {
            return false;
        }
        value = (float) Math.max(value * factor, minValue);
        cooldownCounter = cooldown;
        wait = 0;
        return true;
    }

    private boolean isBest(double monitored) {
        return hasBest ? monitor.improves(monitored, best, minDelta) : !Double.isNaN(monitored);
    }

    /**
     * Returns what the epochs are judged by.
     *
     * @return the monitor
     */
    public Monitor monitor() {
        return monitor;
    }

    /** Returns whether it has taken a value, or a state. */
    boolean isUsed() {
        return isUsed;
    }

    /** Saves the rate, the best value, and what it waits for. */
    @Override
    public void save(Path file) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("monitor", monitor.toString());
        values.put("value", (double) value);
        values.put("hasBest", hasBest);
        values.put("best", best);
        values.put("wait", wait);
        values.put("cooldown", cooldownCounter);
        SavedValues.write(file, KIND, values);
    }

    /**
     * Takes a state, with the rate as it was reduced. Factor, patience, minimum delta, cooldown,
     * minimum value and schedule stay those of this instance.
     *
     * @throws IllegalArgumentException if it was saved with another monitor
     */
    @Override
    public void load(Path file) throws IOException {
        SavedValues values = SavedValues.read(file, KIND);
        values.requireMonitor(monitor);
        float savedValue = (float) values.decimal("value");
        boolean savedHasBest = values.flag("hasBest");
        double savedBest = values.decimal("best");
        int savedWait = values.integer("wait");
        cooldownCounter = values.integer("cooldown");
        value = savedValue;
        hasBest = savedHasBest;
        best = savedBest;
        wait = savedWait;
        isUsed = true;
    }

    /** Returns the rate and what it waits for. */
    @Override
    public String toString() {
        return "PlateauTracker(value="
                + value
                + ", wait="
                + wait
                + "/"
                + patience
                + (schedule == null ? ")" : ", schedule=" + schedule + ")");
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link PlateauTracker}; the defaults are Keras'. */
    public static final class Builder {

        private Float baseValue;
        private LearningRateSchedule schedule;
        private Monitor monitor = Monitor.VALIDATION_LOSS;
        private double factor = 0.1;
        private int patience = 10;
        private double minDelta = 1e-4;
        private int cooldown;
        private double minValue;

        private Builder() {}

        /**
         * Sets the initial learning rate. With a schedule, it is the factor to begin with, and need
         * not be set (default 1).
         *
         * @param baseValue the rate, above 0
         * @return this builder
         */
        public Builder setBaseValue(float baseValue) {
            this.baseValue = baseValue;
            return this;
        }

        /**
         * Multiplies the rate of a schedule (default: none). The base value and the minimum value
         * are then factors. So does optax' {@code contrib.reduce_on_plateau} after a schedule.
         *
         * @param schedule the schedule, which goes on by steps whatever the plateaus
         * @return this builder
         */
        public Builder optSchedule(LearningRateSchedule schedule) {
            this.schedule = Objects.requireNonNull(schedule, "schedule");
            return this;
        }

        /**
         * Sets what the epochs are judged by (default {@link Monitor#VALIDATION_LOSS}).
         *
         * @param monitor the monitor
         * @return this builder
         */
        public Builder optMonitor(Monitor monitor) {
            this.monitor = Objects.requireNonNull(monitor, "monitor");
            return this;
        }

        /**
         * Sets what the rate is multiplied by (default 0.1).
         *
         * @param factor the factor, in (0, 1)
         * @return this builder
         */
        public Builder optFactor(double factor) {
            if (!(factor > 0 && factor < 1)) {
                throw new IllegalArgumentException(
                        "The factor must be in (0, 1), found " + factor + ".");
            }
            this.factor = factor;
            return this;
        }

        /**
         * Sets after how many epochs without improvement the rate is reduced (default 10).
         *
         * @param patience the number of epochs, 0 or more
         * @return this builder
         */
        public Builder optPatience(int patience) {
            this.patience = Requirements.nonNegative("patience", patience);
            return this;
        }

        /**
         * Sets by how much a value must be better than the best to improve on it (default 1e-4).
         *
         * @param minDelta the difference, 0 or more
         * @return this builder
         */
        public Builder optMinDelta(double minDelta) {
            this.minDelta = Requirements.nonNegative("minimum delta", minDelta);
            return this;
        }

        /**
         * Sets how many epochs after a reduction are not counted (default 0).
         *
         * @param cooldown the number of epochs, 0 or more
         * @return this builder
         */
        public Builder optCooldown(int cooldown) {
            this.cooldown = Requirements.nonNegative("cooldown", cooldown);
            return this;
        }

        /**
         * Sets the rate, or with a schedule the factor, that is never undercut (default 0).
         *
         * @param minValue the rate or the factor, 0 or more
         * @return this builder
         */
        public Builder optMinValue(double minValue) {
            this.minValue = Requirements.nonNegative("minimum value", minValue);
            return this;
        }

        /**
         * Builds the tracker.
         *
         * @return the tracker
         * @throws IllegalArgumentException if the base value is not a finite number above 0
         */
        public PlateauTracker build() {
            return new PlateauTracker(this);
        }
    }
}
