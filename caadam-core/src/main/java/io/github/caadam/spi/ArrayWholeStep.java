// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.StepNumbers;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What {@link ArrayStep}s have in common: it is executed at once, too.
 *
 * @since 0.1.0
 */
public final class ArrayWholeStep extends WholeStep {

    private static final NDIndex ALL = new NDIndex("...");

    private final NDList values;
    private final StepNumbers numbers;

    /**
     * Creates a step.
     *
     * @param rule the rule's numbers of the network
     * @param values their values, scalars of float64, which are changed in place
     * @param numbers the numbers of the network's step
     */
    public ArrayWholeStep(List<NetworkNumber> rule, NDList values, StepNumbers numbers) {
        super(rule);
        this.values = values;
        this.numbers = numbers;
    }

    private static NDArray array(Operand operand) {
        return ArrayStep.array(operand);
    }

    private static Operand operand(NDArray array) {
        return ArrayStep.operand(array);
    }

    private static double number(Scalar scalar) {
        return ArrayStep.value(scalar);
    }

    @Override
    protected Operand value(int place) {
        return operand(values.get(place).duplicate());
    }

    @Override
    protected void assign(int place, Operand value) {
        values.get(place).set(ALL, array(value));
    }

    @Override
    public Scalar constant(double value) {
        return ArrayStep.scalar(value);
    }

    @Override
    public Scalar number(ToDoubleFunction<StepNumbers> formula) {
        return ArrayStep.scalar(formula.applyAsDouble(numbers));
    }

    @Override
    public Operand sign(Operand a) {
        return operand(array(a).sign());
    }

    @Override
    public Operand pow(Operand a, double exponent) {
        return operand(array(a).pow(exponent));
    }

    @Override
    public Operand add(Operand a, Scalar k) {
        return operand(array(a).add(number(k)));
    }

    @Override
    public Operand add(Operand a, Operand b, Scalar k) {
        return operand(array(a).add(array(b).mul(number(k))));
    }

    @Override
    public Operand mul(Operand a, Scalar k) {
        return operand(array(a).mul(number(k)));
    }

    @Override
    public Operand mul(Operand a, Operand b) {
        return operand(array(a).mul(array(b)));
    }

    @Override
    public Operand div(Operand a, Operand b) {
        return operand(array(a).div(array(b)));
    }

    @Override
    public Operand maximum(Operand a, Operand b) {
        return operand(NDArrays.maximum(array(a), array(b)));
    }

    @Override
    public Operand minimum(Operand a, Operand b) {
        return operand(NDArrays.minimum(array(a), array(b)));
    }

    @Override
    public Operand clampMin(Operand a, Scalar low) {
        return operand(array(a).maximum(number(low)));
    }
}
