// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

/**
 * When a training stops before its last epoch, with Keras' semantics of early stopping on what its
 * protocol monitors.
 *
 * @param patience epochs without improvement until training stops, 0 or more
 * @param fromEpoch the first epoch that is looked at, 0 or more
 * @param minDelta by how much a value must be better to count as an improvement, in its unit
 * @param restoresBest whether the weights of the best epoch are tested, rather than the last ones
 */
public record Stopping(int patience, int fromEpoch, double minDelta, boolean restoresBest) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Stopping {
        if (patience < 0 || fromEpoch < 0 || !(minDelta >= 0) || Double.isInfinite(minDelta)) {
            throw new IllegalArgumentException(
                    "Early stopping needs a patience, a first epoch and a least improvement of 0 or"
                            + " more, found "
                            + patience
                            + ", "
                            + fromEpoch
                            + " and "
                            + minDelta
                            + ".");
        }
    }
}
