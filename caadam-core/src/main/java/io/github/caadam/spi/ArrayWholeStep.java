// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import static io.github.caadam.spi.ArrayArithmetic.array;
import static io.github.caadam.spi.ArrayArithmetic.typed;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
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
public final class ArrayWholeStep extends WholeStep implements ArrayArithmetic {

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

    @Override
    protected Operand value(int place) {
        return new Values(values.get(place).duplicate());
    }

    @Override
    protected void assign(int place, Operand value) {
        ArrayArithmetic.assign(values.get(place), array(value));
    }

    @Override
    public Scalar constant(double value) {
        return new Value(value, value);
    }

    @Override
    public Scalar number(ToDoubleFunction<StepNumbers> formula) {
        return constant(formula.applyAsDouble(numbers));
    }

    @Override
    public Operand pow(Operand a, double exponent) {
        return new Values(array(a).pow(exponent));
    }

    @Override
    public Operand maximum(Operand a, Operand b) {
        return new Values(NDArrays.maximum(array(a), array(b)));
    }

    @Override
    public Operand minimum(Operand a, Operand b) {
        return new Values(NDArrays.minimum(array(a), array(b)));
    }

    @Override
    public Operand clampMin(Operand a, Scalar low) {
        return new Values(array(a).maximum(typed(low)));
    }
}
