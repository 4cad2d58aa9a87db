// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The fans of a weight laid out as (units, inputs) or (filters, channels, kernel …).
 *
 * @param in the inputs of one output unit
 * @param out the output units that one input reaches
 */
record Fans(long in, long out) {

    static Fans of(Shape shape, DataType dataType) {
        if (shape.dimension() < 2 || dataType != DataType.FLOAT32) {
            throw new IllegalArgumentException(
                    "Initial weights are drawn for float32 arrays of rank 2 or more, found "
                            + dataType
                            + " "
                            + shape
                            + ".");
        }
        long kernel = shape.slice(2).size();
        return new Fans(shape.get(1) * kernel, shape.get(0) * kernel);
    }
}
