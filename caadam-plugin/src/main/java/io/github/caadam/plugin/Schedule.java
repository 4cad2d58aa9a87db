// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import ai.djl.training.tracker.Tracker;

/**
 * The learning rates of one training. {@link #getNewValue} gives the rate of a step, counted from 0
 * by the optimizer. A schedule that looks at what came out is told of each epoch.
 *
 * @since 0.1.0
 */
public interface Schedule extends Tracker {

    /**
     * Is told of an epoch before the next one starts. A training that goes on from a checkpoint
     * tells a new schedule of all past epochs, in their order.
     *
     * @param epoch the epoch, from 0
     * @param loss the mean training loss over its steps
     * @param monitored what the protocol monitors after it, the lower the better: the loss on the
     *     validation rows, or a metric on them, negated where higher is better
     */
    default void afterEpoch(int epoch, double loss, double monitored) {}
}
