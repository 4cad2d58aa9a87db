// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

import java.util.function.ToDoubleFunction;

/**
 * One step of a group of parameters, as an {@link UpdateRule} sees it: their arrays, and the
 * operations on them. An operation works element by element on the arrays of each parameter; only
 * {@link #norm}, {@link #orthogonalize} and means take an array as a whole. Names follow PyTorch.
 * An operation whose name ends in {@code InPlace} changes its first operand, which must be {@link
 * #weights} or a {@link #slot}. {@link #adam}, {@link #amsgrad}, {@link #momentum} and {@link
 * #adagrad} change weights and slots, by the engine's own kernels where it has them. All others
 * return something new.
 *
 * @since 0.1.0
 */
public interface Step extends Arithmetic {

    /**
     * Returns the weights, after decoupled decay.
     *
     * @return {@code θ}, to be changed in place
     */
    Operand weights();

    /**
     * Returns the gradients: rescaled, clipped, and with L2 decay {@code λθ} added.
     *
     * @return {@code g}, not to be changed
     */
    Operand gradients();

    /**
     * Returns what is kept for the parameters.
     *
     * @param name the name of one of the rule's {@link UpdateRule#slots}
     * @return the arrays, to be changed in place
     * @throws IllegalArgumentException if the rule has no slot of this name
     */
    Operand slot(String name);

    /**
     * Returns a number of the whole network.
     *
     * @param name the name of one of the rule's {@link UpdateRule#networkNumbers}
     * @return its present value, a scalar array for each parameter, of the parameter's type
     * @throws IllegalArgumentException if the rule has no number of this name
     */
    Operand networkNumber(String name);

    /**
     * Adds to a sum over the whole network, which {@link NetworkStep#sum} gives. Only {@link
     * UpdateRule#gather} may call it.
     *
     * @param name the name of the sum, which begins at 0 in every step
     * @param a the operand, all of whose elements are added
     * @param k the number that they are multiplied by
     */
    void addToSum(String name, Operand a, Scalar k);

    /**
     * Returns whether decoupled weight decay applies to the parameters of the group. A rule may
     * call other operations where it does.
     *
     * @return whether {@link StepNumbers#weightDecay} is not 0
     */
    boolean decays();

    /**
     * Returns absolute values.
     *
     * @param a the operand
     * @return {@code |a|}
     */
    Operand abs(Operand a);

    /**
     * Returns square roots.
     *
     * @param a the operand
     * @return {@code √a}
     */
    Operand sqrt(Operand a);

    /**
     * Returns the Euclidean norm of each parameter's array.
     *
     * @param a the operand
     * @return a scalar array for each parameter
     */
    Operand norm(Operand a);

    /**
     * Returns the mean of each parameter's array.
     *
     * @param a the operand
     * @return a scalar array for each parameter
     */
    Operand mean(Operand a);

    /**
     * Returns the mean of each row.
     *
     * @param a the operand
     * @return arrays whose last dimension is 1; a scalar as it is
     */
    Operand meanOfRows(Operand a);

    /**
     * Returns the mean of each column.
     *
     * @param a the operand
     * @return arrays whose last dimension but one is 1; what has none as it is
     */
    Operand meanOfColumns(Operand a);

    /**
     * Returns an orthogonal matrix near to the one of each parameter's array, by Newton–Schulz
     * iterations: {@code X ← Xₐ/max(‖Xₐ‖, ε)}, and then {@code X ← aX + (bA + cA²)X} with {@code A
     * = XXᵀ} for each step. The array is a matrix of its first dimension by all others; one of rank
     * 1 or 0 has one column. A matrix that has more rows than columns is transposed for the
     * iterations.
     *
     * @param a the operand
     * @param iteration the coefficients and steps
     * @return an array like {@code a}; zeros where {@code a} is
     */
    Operand orthogonalize(Operand a, NewtonSchulz iteration);

    /**
     * Limits values to both sides.
     *
     * @param a the operand
     * @param low the smallest result
     * @param high the largest result
     * @return {@code min(max(a, low), high)}
     */
    Operand clamp(Operand a, double low, double high);

    /**
     * Limits values from below.
     *
     * @param a the operand
     * @param low the smallest result
     * @return {@code max(a, low)}
     */
    Operand clampMin(Operand a, double low);

    /**
     * Interpolates linearly. Where the operands are infinite, or so large that their difference is,
     * executions may differ: one may give infinity and another not a number.
     *
     * @param a the start
     * @param b the end
     * @param weight the weight of the end, in [0, 1]
     * @return {@code (1−weight)·a + weight·b}
     */
    Operand lerp(Operand a, Operand b, double weight);

    /**
     * Interpolates linearly, in place, as {@link #lerp} does: an exponential moving average.
     *
     * @param target the start, which takes the result
     * @param b the end
     * @param weight the weight of the end, in [0, 1]
     */
    void lerpInPlace(Operand target, Operand b, double weight);

    /**
     * Interpolates linearly, in place, by a weight that may change from step to step.
     *
     * @param target the start, which takes the result
     * @param b the end
     * @param weight the weight of the end, in [0, 1]
     */
    void lerpInPlace(Operand target, Operand b, Scalar weight);

    /**
     * Multiplies by a number, in place.
     *
     * @param target what is multiplied
     * @param k the number
     */
    void mulInPlace(Operand target, double k);

    /**
     * Takes the larger values, in place.
     *
     * @param target the one operand, which takes the result
     * @param b the other
     */
    void maximumInPlace(Operand target, Operand b);

    /**
     * Adds a multiple of an operand, in place.
     *
     * @param target what is added to
     * @param b what is added
     * @param k the number that {@code b} is multiplied by
     */
    void addInPlace(Operand target, Operand b, Scalar k);

    /**
     * Adds a multiple of a product, in place: {@code target ← target + k·a·b}.
     *
     * @param target what is added to
     * @param a the one factor
     * @param b the other: an array like {@code a}, or a scalar array for each parameter
     * @param k the number
     */
    void addcmulInPlace(Operand target, Operand a, Operand b, double k);

    /**
     * Adds a multiple of a quotient, in place: {@code target ← target + k·a/b}.
     *
     * @param target what is added to
     * @param a the dividend
     * @param b the divisor
     * @param k the number
     */
    void addcdivInPlace(Operand target, Operand a, Operand b, Scalar k);

    /**
     * Makes a step of descent with momentum, from {@link #gradients} to {@link #weights}: {@code b
     * ← μb + g}, and then {@code θ ← θ − rate·b}, or with Nesterov's momentum {@code θ ← θ −
     * rate·(g + μb)}.
     *
     * @param velocity {@code b}
     * @param rate the learning rate, as {@link #number} takes it
     * @param momentum {@code μ}
     * @param nesterov whether the momentum is Nesterov's
     */
    default void momentum(
            Operand velocity,
            ToDoubleFunction<StepNumbers> rate,
            double momentum,
            boolean nesterov) {
        mulInPlace(velocity, momentum);
        addInPlace(velocity, gradients(), constant(1));
        Operand direction = nesterov ? add(gradients(), velocity, constant(momentum)) : velocity;
        addInPlace(weights(), direction, number(n -> -rate.applyAsDouble(n)));
    }

    /**
     * Makes Adagrad's step, from {@link #gradients} to {@link #weights}: {@code G ← G + g²}, {@code
     * θ ← θ − rate·g/(√G+ε)}.
     *
     * @param sum the sum of squares {@code G}
     * @param rate the learning rate, as {@link #number} takes it
     * @param epsilon {@code ε}
     */
    default void adagrad(Operand sum, ToDoubleFunction<StepNumbers> rate, double epsilon) {
        addcmulInPlace(sum, gradients(), gradients(), 1);
        addcdivInPlace(
                weights(),
                gradients(),
                add(sqrt(sum), constant(epsilon)),
                number(n -> -rate.applyAsDouble(n)));
    }

    /**
     * Makes Adam's step by the engine's own kernel, from {@link #gradients} to {@link #weights}:
     * {@code m ← β₁m + (1−β₁)g}, {@code v ← β₂v + (1−β₂)g²}, {@code θ ← θ − rate·m/(√v+ε)}.
     *
     * @param first the first moment {@code m}
     * @param second the second moment {@code v}
     * @param rate the learning rate, with bias corrections in it
     * @param beta1 {@code β₁}
     * @param beta2 {@code β₂}
     * @param epsilon {@code ε}
     */
    void adam(
            Operand first, Operand second, Scalar rate, double beta1, double beta2, Scalar epsilon);

    /**
     * Makes Adam's step with the largest second moment so far in the denominator: as {@link #adam},
     * with {@code v̂ ← max(v̂, v)} and {@code θ ← θ − rate·m/(√v̂+ε)}.
     *
     * @param first the first moment {@code m}
     * @param second the second moment {@code v}
     * @param largest the largest second moment so far, {@code v̂}
     * @param rate the learning rate, with bias corrections in it
     * @param beta1 {@code β₁}
     * @param beta2 {@code β₂}
     * @param epsilon {@code ε}
     */
    void amsgrad(
            Operand first,
            Operand second,
            Operand largest,
            Scalar rate,
            double beta1,
            double beta2,
            Scalar epsilon);
}
