// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts the steps of a network from the updates of its parameters, which come one by one, in any
 * order, and on several devices one after the other. A step begins with a parameter that was
 * updated in the present one before, or once all that are trainable were. So a parameter that is
 * unfrozen counts in the right step, whether it comes first or last.
 */
final class StepCounter {

    private final Set<StateKey> updated = new HashSet<>();
    private final Set<Device> devices = new HashSet<>();
    private int step;

    /** Starts to count. */
    void reset(int step) {
        end();
        this.step = step;
    }

    /** Returns how many steps were begun. */
    int step() {
        return step;
    }

    /** Returns whether a step begins with an update, which is not counted yet. */
    boolean begins(StateKey key, Set<String> trainable) {
        return updated.isEmpty()
                || updated.contains(key)
                || (isComplete(trainable) && devices.contains(key.device()));
    }

    /** Begins a step. */
    void begin() {
        end();
        step++;
    }

    /** Counts an update into the present step. */
    void add(StateKey key) {
        updated.add(key);
        devices.add(key.device());
    }

    /** Returns whether all trainable parameters were updated in the present step. */
    boolean isComplete(Set<String> trainable) {
        return updated.size() == trainable.size() * devices.size()
                && updated.stream().allMatch(key -> trainable.contains(key.parameterId()));
    }

    /** Returns which trainable parameters were not updated in the present step. */
    Set<String> missing(Set<String> trainable) {
        Set<String> missing = new HashSet<>(trainable);
        updated.forEach(key -> missing.remove(key.parameterId()));
        return missing;
    }

    /** Counts steps that were made elsewhere, of all trainable parameters at once. */
    void advance(int steps) {
        end();
        step += steps;
    }

    /** Ends the present step: the next update begins another one. */
    void end() {
        updated.clear();
        devices.clear();
    }
}
