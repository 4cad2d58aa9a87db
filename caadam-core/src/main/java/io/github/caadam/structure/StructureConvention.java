// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How connections {@code c} and depth {@code d} are counted. The text of the paper and the Python
 * package that its authors published differ, and the published results were made with the package.
 *
 * @since 0.1.0
 */
public enum StructureConvention {

    /**
     * As the text of the paper says, per layer: {@code c} is the number of elements of the layer's
     * weight tensor (rank 2 or more); {@code d} is the layer's index along the longest path from
     * the input, and the total depth {@code d_m} the number of layers on that path. A layer's bias,
     * and the normalisation parameters that follow a layer, take that layer's {@code c} and {@code
     * d}.
     */
    PAPER {
        @Override
        NetworkStructure structure(LayerGraph graph) {
            List<ParameterStructure> parameters = new ArrayList<>();
            for (LayerGraph.TrainableParameter parameter : graph.parameters()) {
                LayerGraph.Layer layer = graph.layers().get(parameter.layer());
                parameters.add(parameter.at(layer, layer.connections(), layer.depth()));
            }
            List<Long> counts = graph.layers().stream().map(LayerGraph.Layer::connections).toList();
            return new NetworkStructure(this, parameters, counts, graph.totalDepth());
        }
    },

    /**
     * Exactly what the published Python package {@code caadam} 0.1.1 computes on Keras 3. It keeps
     * the counts in a map keyed by the variable's name, which in Keras 3 is {@code kernel} for
     * every dense and convolutional layer, so that every kernel gets the count of the <em>last</em>
     * one. Variables of another name (of an embedding, or from a recurrent layer's state) share an
     * entry among themselves in the same way; the names here are those of DJL's parameters.
     * One-dimensional variables are not in the map and count 0 connections, which extrapolates
     * below the smallest layer. {@code d} is the index of the variable among all trainable
     * variables, {@code d_m} their number. Minimum, median and maximum are over all variables with
     * an entry, each counted with its own number of elements. A variable without elements has none.
     *
     * <p>Keras lists the variables of a chain of layers in forward order, and those of branches
     * layer by layer, the farthest from where the branches meet first; of two branches' layers that
     * are equally far that of the shorter branch first, which is a residual network's shortcut.
     */
    REFERENCE {
        @Override
        NetworkStructure structure(LayerGraph graph) {
            Map<String, Long> countsByVariable = new HashMap<>();
            List<Long> counts = new ArrayList<>();
            for (LayerGraph.TrainableParameter parameter : graph.parametersInKerasOrder()) {
                if (isKernel(parameter.shape())) {
                    countsByVariable.put(parameter.variable(), parameter.shape().size());
                    counts.add(parameter.shape().size());
                }
            }
            List<ParameterStructure> parameters = new ArrayList<>();
            for (LayerGraph.TrainableParameter parameter : graph.parameters()) {
                parameters.add(
                        parameter.at(
                                graph.layers().get(parameter.layer()),
                                isKernel(parameter.shape())
                                        ? countsByVariable.get(parameter.variable())
                                        : 0,
                                parameter.kerasIndex()));
            }
            // The package's own default where no variable has more than one dimension.
            return new NetworkStructure(
                    this, parameters, counts.isEmpty() ? List.of(1L) : counts, parameters.size());
        }
    };

    private static boolean isKernel(Shape shape) {
        return shape.dimension() > 1 && shape.size() > 0;
    }

    abstract NetworkStructure structure(LayerGraph graph);
}
