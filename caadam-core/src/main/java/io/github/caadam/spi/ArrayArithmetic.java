// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.github.caadam.rule.Arithmetic;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;

/** What the steps of parameters and that of the whole network compute alike, at once. */
interface ArrayArithmetic extends Arithmetic {

    /** All elements of an array. */
    NDIndex ALL = new NDIndex("...");

    /**
     * An array.
     *
     * @param array the array
     */
    record Values(NDArray array) implements Operand {}

    /**
     * A number.
     *
     * @param value the number
     * @param typed the number in the type of the arrays
     */
    record Value(double value, Number typed) implements Scalar {}

    static NDArray array(Operand operand) {
        return ((Values) operand).array();
    }

    static double value(Scalar scalar) {
        return ((Value) scalar).value();
    }

    static Number typed(Scalar scalar) {
        return ((Value) scalar).typed();
    }

    static void assign(NDArray target, NDArray values) {
        target.set(ALL, values);
    }

    @Override
    default Operand sign(Operand a) {
        return new Values(array(a).sign());
    }

    @Override
    default Operand add(Operand a, Scalar k) {
        return new Values(array(a).add(typed(k)));
    }

    @Override
    default Operand add(Operand a, Operand b, Scalar k) {
        return new Values(array(a).add(array(b).mul(typed(k))));
    }

    @Override
    default Operand mul(Operand a, Scalar k) {
        return new Values(array(a).mul(typed(k)));
    }

    @Override
    default Operand mul(Operand a, Operand b) {
        return new Values(array(a).mul(array(b)));
    }

    @Override
    default Operand div(Operand a, Operand b) {
        return new Values(array(a).div(array(b)));
    }
}
