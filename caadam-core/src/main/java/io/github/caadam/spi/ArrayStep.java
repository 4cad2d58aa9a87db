// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import static io.github.caadam.spi.ArrayArithmetic.array;
import static io.github.caadam.spi.ArrayArithmetic.assign;
import static io.github.caadam.spi.ArrayArithmetic.typed;
import static io.github.caadam.spi.ArrayArithmetic.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.rule.NewtonSchulz;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A step of one parameter that is executed at once, by DJL's operations on arrays, on any engine.
 * Its temporary arrays belong to the {@link ai.djl.ndarray.NDScope} that is open.
 *
 * @since 0.1.0
 */
public final class ArrayStep extends GroupStep implements ArrayArithmetic {

    private final NDArray weight;
    private final Values values;
    private final List<Slot> slots;
    private final NDList state;
    private final boolean decays;
    private final Function<NDArray, StepNumbers> numbersOf;
    private StepNumbers numbers;
    private boolean cleared;

    /**
     * Creates a step.
     *
     * @param rule the rule that the parameter follows
     * @param slots the slots of the recipe
     * @param weight the parameter's values
     * @param gradient the gradient, dense or sparse, of the same shape
     * @param state the arrays of the slots, in their order
     * @param decays whether decoupled weight decay applies
     * @param numbersOf the numbers of the step, asked for once, with the gradient as it is treated
     *     then
     */
    public ArrayStep(
            UpdateRule rule,
            List<Slot> slots,
            NDArray weight,
            NDArray gradient,
            NDList state,
            boolean decays,
            Function<NDArray, StepNumbers> numbersOf) {
        super(rule, new Values(gradient.isSparse() ? gradient.toDense() : gradient));
        this.weight = weight;
        this.values = new Values(weight.stopGradient());
        this.slots = slots;
        this.state = state;
        this.decays = decays;
        this.numbersOf = numbersOf;
    }

    private Number number(double value) {
        if (weight.getDataType() == DataType.FLOAT64) {
            return value;
        }
        return (float) value;
    }

    private StepNumbers numbers() {
        if (numbers == null) {
            numbers = numbersOf.apply(array(treated()));
        }
        return numbers;
    }

    @Override
    public Operand weights() {
        return values;
    }

    @Override
    public Operand slot(String name) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).name().equals(name)) {
                return new Values(state.get(i));
            }
        }
        throw new IllegalArgumentException(
                "The rule has no slot \"" + name + "\"; its slots are " + slots + ".");
    }

    @Override
    public Scalar constant(double value) {
        return new Value(value, number(value));
    }

    @Override
    public Scalar number(ToDoubleFunction<StepNumbers> formula) {
        return constant(formula.applyAsDouble(numbers()));
    }

    @Override
    public Operand abs(Operand a) {
        return new Values(array(a).abs());
    }

    @Override
    public Operand sqrt(Operand a) {
        return new Values(array(a).sqrt());
    }

    @Override
    public Operand norm(Operand a) {
        return new Values(array(a).norm());
    }

    @Override
    public Operand mean(Operand a) {
        return new Values(array(a).mean());
    }

    @Override
    public Operand meanOfRows(Operand a) {
        return new Values(mean(array(a), 1));
    }

    @Override
    public Operand meanOfColumns(Operand a) {
        return new Values(mean(array(a), 2));
    }

    /** The mean over a dimension, counted from the last. */
    private static NDArray mean(NDArray array, int fromLast) {
        int axis = array.getShape().dimension() - fromLast;
        return axis < 0 ? array : array.mean(new int[] {axis}, true);
    }

    @Override
    public Operand orthogonalize(Operand a, NewtonSchulz iteration) {
        NDArray array = array(a);
        Shape shape = array.getShape();
        if (shape.size() == 0) {
            return a;
        }
        NDArray x =
                shape.dimension() < 2
                        ? array.reshape(shape.size(), 1)
                        : array.reshape(shape.get(0), shape.size() / shape.get(0));
        boolean isTall = x.getShape().get(0) > x.getShape().get(1);
        if (isTall) {
            x = x.transpose();
        }
        x = x.div(x.norm().maximum(number(iteration.epsilon())));
        for (int i = 0; i < iteration.steps(); i++) {
            NDArray gram = x.matMul(x.transpose());
            NDArray polynomial =
                    gram.mul(number(iteration.b()))
                            .addi(gram.matMul(gram).muli(number(iteration.c())));
            x = x.mul(number(iteration.a())).addi(polynomial.matMul(x));
        }
        return new Values((isTall ? x.transpose() : x).reshape(shape));
    }

    @Override
    public Operand clamp(Operand a, double low, double high) {
        return new Values(array(a).clip(number(low), number(high)));
    }

    @Override
    public Operand clampMin(Operand a, double low) {
        return new Values(array(a).maximum(number(low)));
    }

    @Override
    public Operand lerp(Operand a, Operand b, double weight) {
        return new Values(array(a).mul(number(1 - weight)).addi(array(b).mul(number(weight))));
    }

    @Override
    public void lerpInPlace(Operand target, Operand b, Scalar weight) {
        lerpInPlace(target, b, value(weight));
    }

    @Override
    public void lerpInPlace(Operand target, Operand b, double weight) {
        array(target).muli(number(1 - weight)).addi(array(b).mul(number(weight)));
    }

    @Override
    public void mulInPlace(Operand target, double k) {
        array(target).muli(number(k));
    }

    @Override
    public void maximumInPlace(Operand target, Operand b) {
        assign(array(target), array(target).maximum(array(b)));
    }

    @Override
    public void addInPlace(Operand target, Operand b, Scalar k) {
        array(target).addi(array(b).mul(typed(k)));
    }

    @Override
    public void addcmulInPlace(Operand target, Operand a, Operand b, double k) {
        array(target).addi(array(a).mul(array(b)).muli(number(k)));
    }

    @Override
    public void addcdivInPlace(Operand target, Operand a, Operand b, Scalar k) {
        array(target).addi(array(a).mul(typed(k)).divi(array(b)));
    }

    @Override
    public void adam(
            Operand first,
            Operand second,
            Scalar rate,
            double beta1,
            double beta2,
            Scalar epsilon) {
        float step = typed(rate).floatValue();
        weight.getNDArrayInternal()
                .adamUpdate(
                        new NDList(weight, array(treated()), array(first), array(second)),
                        new NDList(weight),
                        step,
                        step,
                        (float) weightDecay(),
                        1f,
                        -1f,
                        (float) beta1,
                        (float) beta2,
                        typed(epsilon).floatValue(),
                        true,
                        false);
        cleared = true; // The kernel does that.
    }

    @Override
    public void amsgrad(
            Operand first,
            Operand second,
            Operand largest,
            Scalar rate,
            double beta1,
            double beta2,
            Scalar epsilon) {
        lerpInPlace(first, gradients(), 1 - beta1);
        mulInPlace(second, beta2);
        addcmulInPlace(second, gradients(), gradients(), 1 - beta2);
        maximumInPlace(largest, second);
        Scalar down = constant(-value(rate));
        addcdivInPlace(weights(), first, add(sqrt(largest), epsilon), down);
    }

    @Override
    protected Operand totalNorm(List<Operand> norms) {
        NDList list = new NDList();
        norms.forEach(norm -> list.add(array(norm)));
        return new Values(NDArrays.stack(list).norm());
    }

    @Override
    protected Operand scaledDown(Operand a, double k, Operand norm) {
        return div(mul(a, constant(k)), clampMin(norm, k));
    }

    @Override
    protected Operand ofParameters(Operand number) {
        return new Values(array(number).toType(weight.getDataType(), false));
    }

    @Override
    protected Operand total(Operand a, Scalar k) {
        return new Values(array(a).sum().toType(DataType.FLOAT64, false).mul(value(k)));
    }

    @Override
    public boolean decays() {
        return decays;
    }

    /** In the order in which DJL's kernel of AdamW multiplies. */
    @Override
    protected void decay() {
        NDArray array = values.array();
        array.subi(array.mul(number(numbers().baseRate())).muli(number(numbers().weightDecay())));
    }

    @Override
    protected void clear(Operand slot) {
        NDArray array = array(slot);
        assign(array, array.zerosLike());
    }

    @Override
    protected void clearGradients() {
        if (!cleared && weight.hasGradient()) {
            zeroGradient(weight);
        }
    }

    /**
     * Makes the gradient that the engine accumulates for a weight zero, whatever it is. {@code
     * NDArray.copyTo} would not do: it lets PyTorch's array use Java's memory, which is freed with
     * the Java object, while the gradient lives on.
     *
     * @param weight a weight that has a gradient
     */
    public static void zeroGradient(NDArray weight) {
        try (NDArray gradient = weight.getGradient();
                NDArray zeros = weight.zerosLike()) {
            if (gradient.isSparse()) {
                // Only the engine can empty it, which it does behind a step: one of none.
                weight.getNDArrayInternal()
                        .sgdUpdate(
                                new NDList(weight, zeros),
                                new NDList(weight),
                                0,
                                0,
                                1,
                                -1,
                                0,
                                true);
            } else {
                assign(gradient, zeros);
            }
        }
    }
}
