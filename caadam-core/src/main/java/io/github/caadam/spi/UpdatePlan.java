// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.caadam.rule.BiasCorrections;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Steps of an optimizer for somebody else to make: of many parameters in one call of the engine, or
 * many steps. Whoever executes a plan follows its recipe, changes weights and slots in place, and
 * calls {@link #advance}. So it can take turns with the optimizer itself.
 *
 * <p>Where gradients are accumulated, a step is made at every so many batches only: at those by
 * {@link StepRecipe#apply}, and at all others {@link StepRecipe#accumulate} is what a batch does.
 *
 * @since 0.1.0
 */
public final class UpdatePlan {

    private final StepRecipe recipe;
    private final List<Entry> entries;
    private final Owner owner;

    /**
     * Creates a plan.
     *
     * @param recipe what a step is
     * @param entries the parameters, in the order in which the tracker is asked for their rates
     * @param owner whose steps are planned
     */
    public UpdatePlan(StepRecipe recipe, List<Entry> entries, Owner owner) {
        this.recipe = Objects.requireNonNull(recipe, "recipe");
        this.entries = List.copyOf(entries);
        this.owner = Objects.requireNonNull(owner, "owner");
    }

    /** The optimizer whose steps are planned. */
    public interface Owner {

        /**
         * Returns the learning rates {@code α} of all parameters of the plan in a step, before
         * scaling. The tracker is asked the first time only.
         *
         * @param ahead which step, 1 for the next; steps are to be asked for in order
         * @return the rates
         * @throws IllegalArgumentException if one is negative or not finite
         */
        float[] rates(int ahead);

        /**
         * Returns how many steps the network has made.
         *
         * @return the number of steps, 0 or more
         */
        int step();

        /**
         * Returns the rule's numbers of the network.
         *
         * @return their values, scalars of float64 on the device of the parameters, to be changed
         *     in place
         */
        NDList networkNumbers();

        /**
         * Returns of how many batches the gradients wait for the next step.
         *
         * @return the number of batches, from 0 to one less than a step takes
         */
        int accumulated();

        /**
         * Counts batches as done, and the steps that were made with them.
         *
         * @param entries the parameters
         * @param batches how many
         */
        void advance(List<Entry> entries, int batches);

        /**
         * Returns whether the arrays of the plan are still the optimizer's.
         *
         * @return whether they are; not once it was closed or loaded
         */
        boolean isCurrent();
    }

    /**
     * A parameter on a device.
     *
     * @param parameterId the parameter's id
     * @param rule the rule that it follows
     * @param weight its values, to be changed in place
     * @param slots what is kept for it
     * @param factor the factor {@code S} of its learning rate
     * @param relative what its learning rate {@code α} is multiplied by because of weights
     * @param weightDecay its decoupled weight decay {@code λ}; 0 where there is none or it is
     *     excluded
     */
    public record Entry(
            String parameterId,
            UpdateRule rule,
            NDArray weight,
            SlotArrays slots,
            double factor,
            RelativeRate relative,
            float weightDecay) {

        /**
         * Returns the number of steps made so far.
         *
         * @return the number of steps
         */
        public int step() {
            return slots.step();
        }

        /**
         * Returns the numbers of a step.
         *
         * @param corrections the bias corrections of the step
         * @param rate the learning rate {@code α} before scaling
         * @return the numbers; where the rate follows weights, those of the number 1
         */
        public StepNumbers numbers(BiasCorrections corrections, float rate) {
            StepNumbers numbers =
                    new StepNumbers(corrections, rate, factor, weightDecay)
                            .withRuleFactor(ruleFactor());
            return relative instanceof RelativeRate.Fixed fixed
                    ? numbers.times(fixed.value())
                    : numbers;
        }

        /**
         * Returns what the rule makes of the parameter's shape.
         *
         * @return the factor of the learning rate
         */
        public double ruleFactor() {
            return rule.rateFactor(weight.getShape());
        }

        /**
         * Returns the weights that the learning rate follows from step to step.
         *
         * @return the weights, and how; empty if it follows none
         */
        public Optional<RelativeRate.Following> following() {
            return relative instanceof RelativeRate.Following following
                    ? Optional.of(following)
                    : Optional.empty();
        }
    }

    /**
     * Returns what a step is.
     *
     * @return the recipe
     */
    public StepRecipe recipe() {
        return recipe;
    }

    /**
     * Returns the parameters.
     *
     * @return the parameters, in the order in which they were asked for
     */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * Asks for the learning rates of all parameters in a step. Steps are to be asked for in order.
     *
     * @param ahead which step, 1 for the next
     * @return the rates, in the order of the parameters
     * @throws IllegalArgumentException if the tracker gives a rate that is negative or not finite
     */
    public float[] rates(int ahead) {
        return owner.rates(ahead);
    }

    /**
     * Returns the numbers of the network's step, as {@link
     * io.github.caadam.rule.NetworkStep#number} gives them.
     *
     * @param ahead which step, 1 for the next
     * @param rates the learning rates of all parameters in it
     * @return the numbers
     */
    public StepNumbers networkStep(int ahead, float[] rates) {
        return ofNetwork(owner.step() + ahead, rates);
    }

    /**
     * Returns the numbers of a network's step.
     *
     * @param step the number of the step, from 1
     * @param rates the learning rates of all parameters before scaling
     * @return the numbers, whose rate is the largest
     */
    public static StepNumbers ofNetwork(int step, float[] rates) {
        float largest = 0;
        for (float rate : rates) {
            largest = Math.max(largest, rate);
        }
        return new StepNumbers(new BiasCorrections(step), largest, 1, 0);
    }

    /**
     * Returns the rule's numbers of the network.
     *
     * @return their values, scalars of float64 on the device of the parameters, to be changed in
     *     place
     */
    public NDList networkNumbers() {
        return owner.networkNumbers();
    }

    /**
     * Returns whether the optimizer was closed or loaded since, so that the arrays of this plan are
     * no longer its state.
     *
     * @return whether it was
     */
    public boolean isStale() {
        return !owner.isCurrent();
    }

    /**
     * Returns whether a batch makes a step; otherwise its gradients are accumulated.
     *
     * @param ahead which batch, 1 for the next
     * @return whether it does
     */
    public boolean isStep(int ahead) {
        return (owner.accumulated() + ahead) % recipe.accumulationSteps() == 0;
    }

    /**
     * Returns how many steps are made in some batches.
     *
     * @param batches how many batches, beginning with the next, 0 or more
     * @return the number of steps
     */
    public int steps(int batches) {
        return (owner.accumulated() + batches) / recipe.accumulationSteps();
    }

    /**
     * Counts batches as done, and the steps that were made with them, for every parameter of the
     * plan.
     *
     * @param batches how many, 0 or more
     */
    public void advance(int batches) {
        owner.advance(entries, batches);
    }
}
