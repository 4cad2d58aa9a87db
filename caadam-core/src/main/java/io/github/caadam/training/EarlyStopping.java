// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import io.github.caadam.internal.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides when to stop training, and which epoch's weights are the best: Keras' {@code
 * EarlyStopping} with {@code restore_best_weights=True}, and a threshold and a time limit besides.
 *
 * <p>An epoch improves if its value is better than the best so far by more than the minimum delta,
 * compared in single precision as Keras does. The first value is the best so far. NaN never is; in
 * Keras it is if it comes first, and then nothing ever improves on it. Epochs before the start
 * epoch are not judged by their values.
 *
 * <p>Training stops at the first epoch, other than the very first, that ends as many epochs without
 * improvement as the patience says; at the first one whose value is as good as the threshold; or
 * when the time limit is over. To have the best weights without stopping early, set a patience of
 * {@code Integer.MAX_VALUE}.
 *
 * <p>An instance serves one training. An {@link EpochListener} refuses one that was used.
 *
 * @since 0.1.0
 */
public final class EarlyStopping implements Resumable {

    private static final String KIND = "a saved early stopping";

    /** What to do at the end of an epoch. */
    public enum Decision {
        /** Keep this epoch's weights as the best so far, and go on. */
        KEEP_WEIGHTS(true, false),
        /** Go on. */
        CONTINUE(false, false),
        /** Stop, and restore the weights of the best epoch. */
        STOP(false, true),
        /** Stop with this epoch's weights, which are the best. */
        KEEP_WEIGHTS_AND_STOP(true, true);

        private final boolean keepsWeights;
        private final boolean stops;

        Decision(boolean keepsWeights, boolean stops) {
            this.keepsWeights = keepsWeights;
            this.stops = stops;
        }

        /**
         * Returns whether this epoch's weights are the best so far.
         *
         * @return whether to keep them
         */
        public boolean keepsWeights() {
            return keepsWeights;
        }

        /**
         * Returns whether training ends.
         *
         * @return whether to stop
         */
        public boolean stops() {
            return stops;
        }

        private static Decision of(boolean keepsWeights, boolean stops) {
            if (keepsWeights) {
                return stops ? KEEP_WEIGHTS_AND_STOP : KEEP_WEIGHTS;
            }
            return stops ? STOP : CONTINUE;
        }
    }

    private final Monitor monitor;
    private final int patience;
    private final double minDelta;
    private final int startFromEpoch;
    private final double threshold;
    private final Duration timeLimit;
    private final LongSupplier nanoTime;

    private int lastEpoch = -1;
    private int bestEpoch = -1;
    private double best = Double.NaN;
    private int wait;
    private long earlierNanos;
    private long startNanos;
    private boolean started;
    private String stopReason = "";

    private EarlyStopping(Builder builder) {
        monitor = builder.monitor;
        patience = builder.patience;
        minDelta = builder.minDelta;
        startFromEpoch = builder.startFromEpoch;
        threshold = builder.threshold;
        timeLimit = builder.timeLimit;
        nanoTime = builder.nanoTime;
    }

    /**
     * Starts the clock of the time limit. An {@link EpochListener} does so when a trainer is made;
     * otherwise it starts with the first {@link #update}. It does not start a second time.
     */
    public void start() {
        if (!started) {
            started = true;
            startNanos = nanoTime.getAsLong();
        }
    }

    /**
     * Takes the monitored value of an epoch that ended.
     *
     * @param epoch the epoch, counted from 0
     * @param monitored the value
     * @return what to do
     * @throws IllegalArgumentException if the epoch is not above that of the last call
     */
    public Decision update(int epoch, double monitored) {
        if (epoch <= lastEpoch) {
            throw new IllegalArgumentException(
                    "Epochs count up from 0, found " + epoch + " after " + lastEpoch + ".");
        }
        start();
        lastEpoch = epoch;
        boolean isJudged = epoch >= startFromEpoch;
        boolean isBest = isJudged && isBest(monitored);
        if (isBest) {
            best = monitored;
            bestEpoch = epoch;
            wait = 0;
        } else if (isJudged) {
            wait++;
        }
        stopReason = reason(epoch, monitored, isJudged, isBest);
        return Decision.of(isBest, !stopReason.isEmpty());
    }

    private boolean isBest(double monitored) {
        return bestEpoch < 0
                ? !Double.isNaN(monitored)
                : monitor.improves(monitored, best, minDelta);
    }

    private String reason(int epoch, double monitored, boolean isJudged, boolean isBest) {
        if (isJudged && monitor.reaches(monitored, threshold)) {
            return monitor.name() + " has reached " + threshold + ": it is " + monitored;
        }
        if (isJudged && !isBest && wait >= patience && epoch > 0) {
            return bestEpoch < 0
                    ? monitor.name() + " was no number in any epoch"
                    : monitor.name() + " has not improved since epoch " + (bestEpoch + 1);
        }
        return timeLimit != null && elapsed().compareTo(timeLimit) >= 0
                ? "the time limit of " + timeLimit + " is over"
                : "";
    }

    /**
     * Returns how long the training has taken, in all processes that it was resumed in.
     *
     * @return the wall time since {@link #start}, and what was saved before
     */
    public Duration elapsed() {
        return Duration.ofNanos(earlierNanos + (started ? nanoTime.getAsLong() - startNanos : 0));
    }

    /**
     * Returns what the epochs are judged by.
     *
     * @return the monitor
     */
    public Monitor monitor() {
        return monitor;
    }

    /**
     * Returns the epoch with the best value.
     *
     * @return the epoch, counted from 0, or −1 before the first that is a number
     */
    public int bestEpoch() {
        return bestEpoch;
    }

    /**
     * Returns the best value.
     *
     * @return the value, or NaN before the first that is a number
     */
    public double best() {
        return best;
    }

    /**
     * Returns why training stops.
     *
     * @return the reason, as a clause; empty if it goes on
     */
    public Optional<String> stopReason() {
        return stopReason.isEmpty() ? Optional.empty() : Optional.of(stopReason);
    }

    /** Returns whether it has taken a value, or a state. */
    boolean isUsed() {
        return lastEpoch >= 0;
    }

    /** Saves the best value, the epochs without improvement, and the time that has passed. */
    @Override
    public void save(Path file) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("monitor", monitor.toString());
        values.put("lastEpoch", lastEpoch);
        values.put("bestEpoch", bestEpoch);
        values.put("best", best);
        values.put("wait", wait);
        values.put("nanos", Long.toString(elapsed().toNanos()));
        values.put("stopReason", stopReason);
        SavedValues.write(file, KIND, values);
    }

    /**
     * Takes a state. Patience, minimum delta, threshold and time limit stay those of this instance,
     * and are looked at again at the end of the next epoch. A training that had stopped stays so:
     * an {@link EpochListener} does not go on with it, whatever they are now.
     *
     * @throws IllegalArgumentException if it was saved with another monitor
     */
    @Override
    public void load(Path file) throws IOException {
        SavedValues values = SavedValues.read(file, KIND);
        values.requireMonitor(monitor);
        int savedLast = values.integer("lastEpoch");
        int savedBest = values.integer("bestEpoch");
        double savedValue = values.decimal("best");
        int savedWait = values.integer("wait");
        long savedNanos = values.wide("nanos");
        stopReason = values.text("stopReason");
        lastEpoch = savedLast;
        bestEpoch = savedBest;
        best = savedValue;
        wait = savedWait;
        earlierNanos = savedNanos;
        started = false;
        start();
    }

    /** Returns the state in words. */
    @Override
    public String toString() {
        return "EarlyStopping(best="
                + best
                + " at epoch "
                + bestEpoch
                + ", wait="
                + wait
                + "/"
                + patience
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

    /** Builds an {@link EarlyStopping}; the defaults are Keras'. */
    public static final class Builder {

        private int patience;
        private double minDelta;
        private int startFromEpoch;
        private Monitor monitor = Monitor.VALIDATION_LOSS;
        private double threshold = Double.NaN;
        private Duration timeLimit;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

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
         * Stops as soon as a value is as good as a threshold: at or below it, or at or above it for
         * a maximum (default: never). That epoch's weights are the best if it improved.
         *
         * @param threshold the threshold, not NaN
         * @return this builder
         */
        public Builder optThreshold(double threshold) {
            if (Double.isNaN(threshold)) {
                throw new IllegalArgumentException(
                        "The threshold must be a number, found NaN; for none, do not set it.");
            }
            this.threshold = threshold;
            return this;
        }

        /**
         * Stops at the end of the first epoch after a time (default: never). The time of all
         * processes counts in which the training was resumed, but not the time between.
         *
         * @param timeLimit the wall time, above 0
         * @return this builder
         */
        public Builder optTimeLimit(Duration timeLimit) {
            Objects.requireNonNull(timeLimit, "timeLimit");
            if (timeLimit.isNegative() || timeLimit.isZero()) {
                throw new IllegalArgumentException(
                        "The time limit must be above 0, found " + timeLimit + ".");
            }
            this.timeLimit = timeLimit;
            return this;
        }

        /** Sets the clock, in nanoseconds. */
        Builder optNanoTime(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            return this;
        }

        /**
         * Sets after how many epochs without improvement training stops (default 0).
         *
         * @param patience the number of epochs, 0 or more
         * @return this builder
         */
        public Builder optPatience(int patience) {
            this.patience = Requirements.nonNegative("patience", patience);
            return this;
        }

        /**
         * Sets by how much a value must be better than the best to improve on it (default 0).
         *
         * @param minDelta the difference, 0 or more
         * @return this builder
         */
        public Builder optMinDelta(double minDelta) {
            this.minDelta = Requirements.nonNegative("minimum delta", minDelta);
            return this;
        }

        /**
         * Sets the first epoch that is looked at, counted from 0 (default 0).
         *
         * @param startFromEpoch the epoch, 0 or more
         * @return this builder
         */
        public Builder optStartFromEpoch(int startFromEpoch) {
            this.startFromEpoch = Requirements.nonNegative("start epoch", startFromEpoch);
            return this;
        }

        /**
         * Builds the early stopping.
         *
         * @return the early stopping
         */
        public EarlyStopping build() {
            return new EarlyStopping(this);
        }
    }
}
