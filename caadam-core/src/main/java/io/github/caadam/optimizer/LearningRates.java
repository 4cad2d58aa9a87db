// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The learning rates of all parameters. A tracker may remember what it was asked, or count it. So
 * it is asked once for each parameter and step, in the order of steps, whoever makes the steps, and
 * on however many devices; the answer is kept until the step is behind.
 */
final class LearningRates {

    private final ParameterTracker tracker;
    private final Map<String, Asked> asked = new HashMap<>();

    /**
     * Takes a tracker, without asking it; but a rate that is fixed is checked at once.
     *
     * @throws IllegalArgumentException if the rate is fixed and not above 0
     */
    LearningRates(ParameterTracker tracker) {
        this.tracker = tracker;
        if (isFixed()) {
            float rate = ((Tracker) tracker).getNewValue(1);
            if (!(rate > 0) || Float.isInfinite(rate)) {
                throw new IllegalArgumentException(
                        "The learning rate must be a finite number above 0, found " + rate + ".");
            }
        }
    }

    /** Returns whether all rates are one number, whatever the step and the parameter. */
    boolean isFixed() {
        return tracker.getClass() == Tracker.fixed(1).getClass();
    }

    /**
     * Returns a rate.
     *
     * @param parameterId the parameter
     * @param step the step of the schedule
     * @param present the step that is being made; what was asked for earlier ones is forgotten
     * @throws IllegalArgumentException if the tracker gives a rate that is negative or not finite
     */
    float at(String parameterId, int step, int present) {
        Asked rates = asked.computeIfAbsent(parameterId, id -> new Asked());
        rates.forgetBefore(present);
        if (!rates.has(step)) {
            rates.add(step, ask(parameterId, step));
        }
        return rates.at(step);
    }

    private float ask(String parameterId, int step) {
        float rate = tracker.getNewValue(parameterId, step);
        if (!(rate >= 0) || Float.isInfinite(rate)) {
            throw new IllegalArgumentException(
                    "The learning rate must be a finite number, 0 or more, found "
                            + rate
                            + " at step "
                            + step
                            + ".");
        }
        return rate;
    }

    /** Forgets all that was asked. */
    void clear() {
        asked.clear();
    }

    /** Keeps only some parameters. */
    void retain(Set<String> parameterIds) {
        asked.keySet().retainAll(parameterIds);
    }

    /** The rates of successive steps of one parameter. */
    private static final class Asked {

        private float[] rates = new float[1];
        private int first;
        private int count;

        private boolean has(int step) {
            return step >= first && step < first + count;
        }

        private float at(int step) {
            return rates[step - first];
        }

        private void add(int step, float rate) {
            if (step != first + count) {
                first = step;
                count = 0;
            }
            if (count == rates.length) {
                rates = Arrays.copyOf(rates, 2 * count);
            }
            rates[count] = rate;
            count++;
        }

        private void forgetBefore(int step) {
            int past = Math.min(count, Math.max(0, step - first));
            if (past > 0) {
                System.arraycopy(rates, past, rates, 0, count - past);
                first += past;
                count -= past;
            }
        }
    }
}
