package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * All that is needed to make the steps of an optimizer elsewhere than in {@link
 * StatefulOptimizer#update}: many parameters in one call of the engine, or many steps. Whoever
 * executes a plan changes weights and state in place as {@link OptimizerSettings} says, zeroes the
 * gradients, and calls {@link #advance}; then both ways of making steps can take turns.
 */
public final class UpdatePlan {

    private final StatefulOptimizer optimizer;
    private final List<Entry> entries;
    private final int stateGeneration;

    UpdatePlan(StatefulOptimizer optimizer, List<Entry> entries) {
        this.optimizer = optimizer;
        this.entries = List.copyOf(entries);
        stateGeneration = optimizer.stateGeneration();
    }

    /** A parameter on a device, with all that a step of it needs. */
    public static final class Entry {

        private final StatefulOptimizer optimizer;
        private final String parameterId;
        private final NDArray weight;
        private final ParameterState state;
        private final double factor;
        private final float decay;

        Entry(
                StatefulOptimizer optimizer,
                String parameterId,
                NDArray weight,
                ParameterState state,
                double factor,
                float decay) {
            this.optimizer = optimizer;
            this.parameterId = parameterId;
            this.weight = weight;
            this.state = state;
            this.factor = factor;
            this.decay = decay;
        }

        /**
         * Returns the parameter's id.
         *
         * @return the id
         */
        public String parameterId() {
            return parameterId;
        }

        /**
         * Returns the parameter's values.
         *
         * @return the array, to be changed in place
         */
        public NDArray weight() {
            return weight;
        }

        /**
         * Returns the arrays that the optimizer keeps for the parameter, each of the weight's
         * shape: first moment; second moment, or infinity norm for {@link Algorithm#ADAMAX}; with
         * amsgrad the largest second moment so far.
         *
         * @return the arrays, to be changed in place
         */
        public NDList state() {
            return state.arrays();
        }

        /**
         * Returns the factor {@code S} of the parameter's learning rate.
         *
         * @return the factor
         */
        public double factor() {
            return factor;
        }

        /**
         * Returns the parameter's decoupled weight decay {@code λ}.
         *
         * @return the decay; 0 where there is none or the parameter is excluded from it
         */
        public float decay() {
            return decay;
        }

        /**
         * Returns the number of steps made so far.
         *
         * @return the number of steps
         */
        public int step() {
            return state.step();
        }

        /**
         * Returns the learning rate {@code α} of a step to come, before scaling. As in {@link
         * StatefulOptimizer#update}, the tracker is asked by the number of the step of those
         * parameters that have made the most, so that a schedule goes on for one that is unfrozen
         * late.
         *
         * @param ahead which step, 1 for the next
         * @return the rate
         * @throws IllegalArgumentException if the tracker gives a rate that is negative or not
         *     finite
         */
        public float rate(int ahead) {
            int latest = Math.max(optimizer.latestStep(), step());
            return optimizer.rate(parameterId, latest + ahead);
        }

        /**
         * Returns the learning rate {@code α·S} of a step to come.
         *
         * @param ahead which step, 1 for the next
         * @return the rate
         * @throws IllegalArgumentException if the tracker gives a rate that is negative or not
         *     finite
         */
        public float scaledRate(int ahead) {
            return (float) (rate(ahead) * factor);
        }

        /**
         * Returns the numbers of a step to come.
         *
         * @param ahead which step, 1 for the next
         * @return the numbers
         * @throws IllegalArgumentException if the tracker gives a rate that is negative or not
         *     finite
         */
        public StepCoefficients coefficients(int ahead) {
            float rate = rate(ahead);
            return optimizer.coefficients(
                    state, step() + ahead, (float) (rate * factor), rate * decay);
        }
    }

    /**
     * Returns what the optimizer does.
     *
     * @return the settings
     */
    public OptimizerSettings settings() {
        return optimizer.settings();
    }

    /**
     * Returns the parameters, in the order in which they were asked for.
     *
     * @return the parameters
     */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * Returns whether the optimizer was closed or loaded since, so that the arrays of this plan are
     * no longer its state.
     *
     * @return whether it was
     */
    public boolean isStale() {
        return stateGeneration != optimizer.stateGeneration();
    }

    /**
     * Counts steps as made, for every parameter of the plan.
     *
     * @param steps how many, 0 or more
     */
    public void advance(int steps) {
        for (Entry entry : entries) {
            entry.state.advance(steps);
            optimizer.noteStep(entry.step());
        }
    }
}
