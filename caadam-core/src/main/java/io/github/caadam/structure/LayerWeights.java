// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.IdEmbedding;
import java.util.List;

/**
 * The weights of one layer: how many connections they are, and how many of them enter one output
 * unit.
 *
 * <p>A weight is laid out as of {@link ai.djl.nn.core.Linear} and the convolutions, output units
 * first: (units, inputs) or (filters, channels per group, kernel …). Exceptions: an embedding is a
 * look-up, in which each output value has one input, a row's entry; a {@link LinearCollection} is
 * (…, inputs, units). The state weights of a recurrent layer enter the same units as its input
 * weights.
 *
 * @param connections the number of elements of the weights; 0 where there are none
 * @param fanIn the mean number of inputs of an output unit, rounded; 1 where there are no weights
 */
record LayerWeights(long connections, long fanIn) {

    /** Counts the weights among the trainable parameters of a layer. */
    static LayerWeights of(Block block, List<Parameter> parameters) {
        long connections = 0;
        long inputUnits = 0;
        long stateUnits = 0;
        for (Parameter parameter : parameters) {
            if (isWeight(parameter)) {
                connections += shape(parameter).size();
                long units = outputUnits(block, shape(parameter));
                if (isStateWeight(parameter)) {
                    stateUnits += units;
                } else {
                    inputUnits += units;
                }
            }
        }
        double units = Math.max(Math.max(inputUnits, stateUnits), 1);
        return new LayerWeights(connections, Math.max(Math.round(connections / units), 1));
    }

    /**
     * Returns a parameter's shape, or null if it has none yet. The parameters of a TorchScript
     * block have an array from the start, but DJL leaves their shape unset.
     */
    static Shape shape(Parameter parameter) {
        if (parameter.getShape() == null && parameter.isInitialized()) {
            return parameter.getArray().getShape();
        }
        return parameter.getShape();
    }

    /**
     * Returns what a variable is called within its layer: the parameter's own name, which is {@code
     * weight} for dense and convolutional layers; {@code weight} and {@code state weight} for the
     * two of a recurrent layer, whatever its index and direction.
     */
    static String variable(Parameter parameter) {
        String name = lastSegment(parameter);
        if (isStateWeight(parameter)) {
            return "state weight";
        }
        return name.endsWith("i2h_WEIGHT") || name.startsWith("weight_ih_") ? "weight" : name;
    }

    /** Returns whether a parameter is a weight from a recurrent layer's own state. */
    static boolean isStateWeight(Parameter parameter) {
        String name = lastSegment(parameter);
        return name.endsWith("h2h_WEIGHT") || name.startsWith("weight_hh_");
    }

    /**
     * Returns whether the elements of a parameter are connections between units. DJL guesses the
     * type of a TorchScript parameter from the whole of its dotted name, so that {@code
     * beta_head.weight} is a BETA; of those only the last part is looked at.
     */
    static boolean isWeight(Parameter parameter) {
        if (shape(parameter).dimension() < 2) {
            return false;
        }
        if (parameter.getName().contains(".")) {
            return !lastSegment(parameter).startsWith("bias");
        }
        return switch (parameter.getType()) {
            case GAMMA, BETA, BIAS, RUNNING_MEAN, RUNNING_VAR -> false;
            case WEIGHT, OTHER -> true;
        };
    }

    private static long outputUnits(Block block, Shape weight) {
        if (weight.size() == 0) {
            return 0;
        }
        if (block instanceof Embedding<?>
                || block instanceof IdEmbedding
                || block instanceof BertBlock) {
            return weight.size();
        }
        if (block instanceof LinearCollection) {
            return weight.size() / weight.get(weight.dimension() - 2);
        }
        return weight.get(0);
    }

    private static String lastSegment(Parameter parameter) {
        String name = parameter.getName();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
