// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import io.github.caadam.internal.Requirements;

/**
 * Decides when to stop training because a monitored value, usually the validation loss, no longer
 * improves, and which epoch's weights are the best: Keras' {@code EarlyStopping} with {@code
 * restore_best_weights=True}.
 *
 * <p>An epoch improves if its value is below the best so far by more than the minimum delta,
 * compared in single precision as Keras does. Training stops at the first epoch, other than the
 * very first, that ends as many epochs without improvement as the patience says. Epochs before the
 * start epoch are not looked at, and the first one that is looked at counts as the best whatever
 * its value.
 *
 * @since 0.1.0
 */
public final class EarlyStopping {

    /** What to do at the end of an epoch. */
    public enum Decision {
        /** Keep this epoch's weights as the best so far, and go on. */
        KEEP_WEIGHTS,
        /** Go on. */
        CONTINUE,
        /** Stop, and restore the weights of the best epoch. */
        STOP
    }

    private final int patience;
    private final double minDelta;
    private final int startFromEpoch;

    private int lastEpoch = -1;
    private int bestEpoch = -1;
    private double best = Double.NaN;
    private int wait;

    private EarlyStopping(Builder builder) {
        patience = builder.patience;
        minDelta = builder.minDelta;
        startFromEpoch = builder.startFromEpoch;
    }

    /**
     * Takes the monitored value of an epoch that ended.
     *
     * @param epoch the epoch, counted from 0
     * @param monitored the value, lower is better
     * @return what to do
     * @throws IllegalArgumentException if the epoch is not above that of the last call
     */
    public Decision update(int epoch, double monitored) {
        if (epoch <= lastEpoch) {
            throw new IllegalArgumentException(
                    "Epochs count up from 0, found " + epoch + " after " + lastEpoch + ".");
        }
        lastEpoch = epoch;
        if (epoch < startFromEpoch) {
            return Decision.CONTINUE;
        }
        wait++;
        if (bestEpoch < 0 || (float) (monitored + minDelta) < (float) best) {
            best = monitored;
            bestEpoch = epoch;
            wait = 0;
            return Decision.KEEP_WEIGHTS;
        }
        return wait >= patience && epoch > 0 ? Decision.STOP : Decision.CONTINUE;
    }

    /**
     * Returns the epoch with the best value.
     *
     * @return the epoch, counted from 0, or −1 before the first that was looked at
     */
    public int bestEpoch() {
        return bestEpoch;
    }

    /**
     * Returns the best value.
     *
     * @return the value, or NaN before the first that was looked at
     */
    public double best() {
        return best;
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

        private Builder() {}

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
         * Sets by how much a value must be below the best to improve on it (default 0).
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
