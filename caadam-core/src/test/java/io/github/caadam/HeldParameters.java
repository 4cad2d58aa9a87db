// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;

/** A block that only holds parameters, which others may hold too; and networks that share. */
public final class HeldParameters extends AbstractBlock {

    /** Creates a block of parameters, under their own names. */
    public HeldParameters(Parameter... parameters) {
        for (Parameter parameter : parameters) {
            addParameter(parameter);
        }
    }

    /** Creates a block of parameters with a child besides. */
    public HeldParameters(Block child, Parameter... parameters) {
        this(parameters);
        addChildBlock("Child", child);
    }

    /** A weight of ones, of a fixed shape. */
    public static Parameter weight(String name, Shape shape) {
        return Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.WEIGHT)
                .optShape(shape)
                .optInitializer(Initializer.ONES)
                .build();
    }

    /** A dense layer of 8 units that stands twice in a chain, and one of 1 unit. */
    public static Block layerTwice() {
        Block twice = Linear.builder().setUnits(8).build();
        return new SequentialBlock()
                .add(twice)
                .add(twice)
                .add(Linear.builder().setUnits(1).build());
    }

    /** An embedding of 5 words in 3 dimensions that is the weight of the last layer too. */
    public static Block tiedEmbedding() {
        Parameter embedding = weight("embedding", new Shape(5, 3));
        return new SequentialBlock()
                .add(new HeldParameters(embedding))
                .add(new HeldParameters(weight("weight", new Shape(3, 3))))
                .add(new HeldParameters(embedding));
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
    protected void initializeChildBlocks(
            NDManager manager, DataType dataType, Shape... inputShapes) {
        children.values().forEach(child -> child.initialize(manager, dataType, inputShapes));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
    }
}
