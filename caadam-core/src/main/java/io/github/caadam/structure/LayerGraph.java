// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import ai.djl.ndarray.types.Shape;
import java.util.Comparator;
import java.util.List;

/**
 * What a walk over a block tree finds, before a convention counts it: layers with their depth along
 * the longest path, and the trainable parameters in forward order with the layer of each.
 *
 * @param layers the layers in forward order
 * @param parameters the trainable parameters in forward order
 * @param totalDepth the number of layers on the longest path
 */
record LayerGraph(List<Layer> layers, List<TrainableParameter> parameters, int totalDepth) {

    List<TrainableParameter> parametersInKerasOrder() {
        return parameters.stream()
                .sorted(Comparator.comparingInt(TrainableParameter::kerasIndex))
                .toList();
    }

    /**
     * A layer: a block that holds weights of its own.
     *
     * @param path the block's path
     * @param connections the number of elements of its weights
     * @param fanIn the inputs of one of its output units
     * @param depth its index along the longest path, from 0
     */
    record Layer(String path, long connections, long fanIn, int depth) {}

    /**
     * A parameter that is trained.
     *
     * @param path its name in {@code block.getParameters()}
     * @param id its id
     * @param shape its shape
     * @param variable what the variable is called within its layer, see {@link
     *     LayerWeights#variable}
     * @param isWeight whether its elements are connections between units
     * @param layer the index of its layer in {@link LayerGraph#layers()}
     * @param kerasIndex its index in {@link KerasOrder}
     */
    record TrainableParameter(
            String path,
            String id,
            Shape shape,
            String variable,
            boolean isWeight,
            int layer,
            int kerasIndex) {

        TrainableParameter in(int otherLayer) {
            return new TrainableParameter(
                    path, id, shape, variable, isWeight, otherLayer, kerasIndex);
        }

        ParameterStructure at(Layer itsLayer, long connections, int depth) {
            return new ParameterStructure(
                    path,
                    id,
                    shape,
                    itsLayer.path(),
                    connections,
                    depth,
                    itsLayer.fanIn(),
                    isWeight);
        }
    }
}
