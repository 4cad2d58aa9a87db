// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.rule.Arithmetic;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.StepNumbers;
import java.util.function.ToDoubleFunction;

/** Writes what the steps of groups and that of the whole network have in common. */
interface ScriptArithmetic extends Arithmetic {

    /** Gives names to the numbers of steps. */
    @FunctionalInterface
    interface Numbers {

        /** Returns the expression of a number. */
        String name(ToDoubleFunction<StepNumbers> formula);
    }

    /**
     * A variable of the source: a list of arrays in a group, an array in the whole network.
     *
     * @param name its name
     */
    record Variable(String name) implements Operand {}

    /**
     * A number.
     *
     * @param expression the number in the source
     */
    record Expression(String expression) implements Scalar {}

    static String name(Operand operand) {
        return ((Variable) operand).name();
    }

    static String text(Scalar scalar) {
        return ((Expression) scalar).expression();
    }

    /** Returns what gives names to the numbers. */
    Numbers numbers();

    /** Writes an assignment to a new variable: the result of a function of PyTorch. */
    Operand let(String function, Object... arguments);

    @Override
    default Scalar constant(double value) {
        return new Expression(SourceWriter.literal(value));
    }

    @Override
    default Scalar number(ToDoubleFunction<StepNumbers> formula) {
        return new Expression(numbers().name(formula));
    }

    @Override
    default Operand sign(Operand a) {
        return let("sign", name(a));
    }

    @Override
    default Operand add(Operand a, Scalar k) {
        return let("add", name(a), text(k));
    }

    @Override
    default Operand add(Operand a, Operand b, Scalar k) {
        return let("add", name(a), name(b), keyword("alpha", text(k)));
    }

    @Override
    default Operand mul(Operand a, Scalar k) {
        return let("mul", name(a), text(k));
    }

    @Override
    default Operand mul(Operand a, Operand b) {
        return let("mul", name(a), name(b));
    }

    @Override
    default Operand div(Operand a, Operand b) {
        return let("div", name(a), name(b));
    }
}
