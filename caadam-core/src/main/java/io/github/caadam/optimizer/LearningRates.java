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
    private final Map<String, OfParameter> byId = new HashMap<>();

    /** The rate where it is fixed; otherwise not a number. */
    private final float fixed;

    /**
     * Takes a tracker, without asking it; but a rate that is fixed is checked at once.
     *
     * @throws IllegalArgumentException if the rate is fixed and not above 0
     */
    LearningRates(ParameterTracker tracker) {
        this.tracker = tracker;
        if (tracker.getClass() == Tracker.fixed(1).getClass()) {
            fixed = ((Tracker) tracker).getNewValue(1);
            if (!(fixed > 0) || Float.isInfinite(fixed)) {
                throw new IllegalArgumentException(
                        "The learning rate must be a finite number above 0, found " + fixed + ".");
            }
        } else {
            fixed = Float.NaN;
        }
    }

    /** Returns whether all rates are one number, whatever the step and the parameter. */
    boolean isFixed() {
        return !Float.isNaN(fixed);
    }

    /** Returns the rates of a parameter; they hold until {@link #clear}. */
    OfParameter of(String parameterId) {
        return byId.computeIfAbsent(parameterId, OfParameter::new);
    }

    /** Forgets all that was asked. */
    void clear() {
        byId.clear();
    }

    /** Keeps only some parameters. */
    void retain(Set<String> parameterIds) {
        byId.keySet().retainAll(parameterIds);
    }

    /** The rates of successive steps of one parameter. */
    final class OfParameter {

        private final String parameterId;
        private float[] rates = new float[1];
        private int first;
        private int count;

        private OfParameter(String parameterId) {
            this.parameterId = parameterId;
        }

        /**
         * Returns a rate.
         *
         * @param step the step of the schedule
         * @param present the step that is being made; what was asked for earlier ones is forgotten
         * @throws IllegalArgumentException if the tracker gives a rate that is negative or not
         *     finite
         */
        float at(int step, int present) {
            if (isFixed()) {
                return fixed;
            }
            forgetBefore(present);
            if (step < first || step >= first + count) {
                add(step, ask(step));
            }
            return rates[step - first];
        }

        private float ask(int step) {
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
