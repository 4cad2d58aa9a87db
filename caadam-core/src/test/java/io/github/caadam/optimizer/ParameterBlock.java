// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.Map;

/**
 * A block that only holds parameters, of any shape, for tests that update them without a network.
 */
final class ParameterBlock extends AbstractBlock {

    /** A block that is not initialized; a parameter called "bias" is one. */
    ParameterBlock(Map<String, Shape> shapes) {
        shapes.forEach(
                (name, shape) ->
                        addParameter(
                                Parameter.builder()
                                        .setName(name)
                                        .setType(
                                                name.equals("bias")
                                                        ? Parameter.Type.BIAS
                                                        : Parameter.Type.WEIGHT)
                                        .optShape(shape)
                                        .optInitializer(Initializer.ZEROS)
                                        .build()));
    }

    /** Returns an initialized block; a parameter called "bias" is one. */
    static ParameterBlock of(NDManager manager, Map<String, Shape> shapes) {
        ParameterBlock block = new ParameterBlock(shapes);
        block.initialize(manager, DataType.FLOAT32, new Shape(1));
        return block;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        throw new UnsupportedOperationException("This block has parameters only.");
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
    }
}
