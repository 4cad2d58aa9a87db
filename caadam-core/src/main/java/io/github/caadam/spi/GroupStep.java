// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.util.List;

/**
 * A step of a group of parameters, with what a {@link StepRecipe} does around a rule.
 *
 * @since 0.1.0
 */
public abstract class GroupStep implements Step {

    private final UpdateRule rule;
    private Operand treated;
    private double weightDecay;
    private Operand withWeightDecay;
    private WholeStep network;

    /**
     * Creates a step.
     *
     * @param rule the rule that the parameters follow
     * @param gradients the gradients as they are
     */
    protected GroupStep(UpdateRule rule, Operand gradients) {
        this.rule = rule;
        treated = gradients;
    }

    /** {@inheritDoc} */
    @Override
    public final Operand gradients() {
        if (weightDecay == 0) {
            return treated;
        }
        if (withWeightDecay == null) {
            withWeightDecay = add(treated, weights(), constant(weightDecay));
        }
        return withWeightDecay;
    }

    /** {@inheritDoc} */
    @Override
    public final Operand networkNumber(String name) {
        return ofParameters(network().networkNumber(name));
    }

    /** {@inheritDoc} */
    @Override
    public final void addToSum(String name, Operand a, Scalar k) {
        network().addToSum(name, total(a, k));
    }

    private WholeStep network() {
        if (network == null) {
            throw new IllegalArgumentException(
                    "The rule has no numbers of the network: name them in networkNumbers().");
        }
        return network;
    }

    /** Makes this a part of a step of the whole network. */
    final void join(WholeStep network) {
        this.network = network;
    }

    /**
     * Returns a number of the network for each parameter.
     *
     * @param number the number, of {@link WholeStep}
     * @return a scalar array for each parameter, of the parameter's type
     */
    protected abstract Operand ofParameters(Operand number);

    /**
     * Returns a sum over all elements of all parameters.
     *
     * @param a the operand
     * @param k the number that the sum is multiplied by
     * @return the sum, for {@link WholeStep}
     */
    protected abstract Operand total(Operand a, Scalar k);

    /**
     * Returns the gradients as far as they are treated, without L2 decay.
     *
     * @return the gradients
     */
    protected final Operand treated() {
        return treated;
    }

    /**
     * Returns the L2 decay that {@link #gradients} adds.
     *
     * @return {@code λ}
     */
    protected final double weightDecay() {
        return weightDecay;
    }

    /** Returns the rule that the parameters follow. */
    final UpdateRule rule() {
        return rule;
    }

    /** Replaces the gradients. */
    final void treat(Operand gradients) {
        treated = gradients;
    }

    /** Sets the L2 decay. */
    final void setWeightDecay(double weightDecay) {
        this.weightDecay = weightDecay;
    }

    /**
     * Returns the Euclidean norm of the gradients of all groups.
     *
     * @param norms the norms of their parameters, for each group an operand
     * @return a scalar array, the same for each parameter of a group
     */
    protected abstract Operand totalNorm(List<Operand> norms);

    /**
     * Multiplies by a number and divides by a norm.
     *
     * @param a the operand
     * @param k the number, which the norm is raised to where it is smaller
     * @param norm what {@link #totalNorm} returned
     * @return {@code a·k/max(norm, k)}
     */
    protected abstract Operand scaledDown(Operand a, double k, Operand norm);

    /** Takes the decoupled decay {@code α·λ·θ} from the weights. */
    protected abstract void decay();

    /**
     * Makes the values of a slot zero, whatever they are.
     *
     * @param slot the slot
     */
    protected abstract void clear(Operand slot);

    /** Zeroes the gradients that the engine accumulates. */
    protected abstract void clearGradients();
}
