// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts the batches and steps of a network from the updates of its parameters, which come one by
 * one, in any order, and on several devices one after the other. A batch begins with a parameter
 * that was updated in the present one before, or once all that are trainable were. So a parameter
 * that is unfrozen counts in the right batch, whether it comes first or last.
 *
 * <p>The last of every few batches makes a step. They are a cycle, in which gradients accumulate.
 */
final class StepCounter {

    private final Set<StateKey> updated = new HashSet<>();
    private final Set<Device> devices = new HashSet<>();
    private final int batchesOfCycle;
    private int step;

    /**
     * How many batches of the present cycle were begun; all of them, if the next is a new one's.
     */
    private int batch;

    private int cycle;

    /**
     * Counts from 0.
     *
     * @param batchesOfCycle how many batches make a step
     */
    StepCounter(int batchesOfCycle) {
        this.batchesOfCycle = batchesOfCycle;
        this.batch = batchesOfCycle;
    }

    /**
     * Starts to count.
     *
     * @param step how many steps were made
     * @param accumulated how many batches came since
     */
    void reset(int step, int accumulated) {
        end();
        this.step = step;
        batch = accumulated == 0 ? batchesOfCycle : accumulated;
        cycle = 0;
    }

    /** Returns how many steps were begun. */
    int step() {
        return step;
    }

    /** Returns whether the present batch makes a step. */
    boolean isStep() {
        return batch == batchesOfCycle;
    }

    /** Returns how many batches of a cycle were begun, of which none makes a step. */
    int accumulated() {
        return batch % batchesOfCycle;
    }

    /** Returns the number of the present batch's cycle. */
    int cycle() {
        return cycle;
    }

    /** Returns the number of the next batch's cycle. */
    int nextCycle() {
        return isStep() ? cycle + 1 : cycle;
    }

    /** Returns whether a batch begins with an update, which is not counted yet. */
    boolean begins(StateKey key, Set<String> trainable) {
        return updated.isEmpty()
                || updated.contains(key)
                || (isComplete(trainable) && devices.contains(key.device()));
    }

    /** Begins a batch. */
    void begin() {
        end();
        cycle = nextCycle();
        batch = isStep() ? 1 : batch + 1;
        if (isStep()) {
            step++;
        }
    }

    /** Counts an update into the present batch. */
    void add(StateKey key) {
        updated.add(key);
        devices.add(key.device());
    }

    /** Returns whether all trainable parameters were updated in the present batch. */
    boolean isComplete(Set<String> trainable) {
        return updated.size() == trainable.size() * devices.size()
                && updated.stream().allMatch(key -> trainable.contains(key.parameterId()));
    }

    /** Returns which trainable parameters were not updated in the present batch. */
    Set<String> missing(Set<String> trainable) {
        Set<String> missing = new HashSet<>(trainable);
        updated.forEach(key -> missing.remove(key.parameterId()));
        return missing;
    }

    /**
     * Counts batches that were done elsewhere, of all trainable parameters at once; returns how
     * many steps were made with them.
     */
    int advance(int batches) {
        end();
        if (batches == 0) {
            return 0;
        }
        int all = accumulated() + batches;
        int steps = all / batchesOfCycle;
        int rest = all % batchesOfCycle;
        cycle = nextCycle() + (rest == 0 ? steps - 1 : steps);
        batch = rest == 0 ? batchesOfCycle : rest;
        step += steps;
        return steps;
    }

    /** Ends the present batch: the next update begins another one. */
    void end() {
        updated.clear();
        devices.clear();
    }
}
