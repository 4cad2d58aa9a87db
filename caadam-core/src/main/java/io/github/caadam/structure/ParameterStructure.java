// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * Where one trainable parameter sits in its network.
 *
 * @param path the parameter's name in {@code block.getParameters()}, such as {@code
 *     01Linear_weight}; the same in every process, unlike the id
 * @param id the parameter's {@link ai.djl.nn.Parameter#getId() id}, random in every process
 * @param shape the parameter's shape
 * @param layer the path of the layer that the parameter belongs to, such as {@code 01Linear}; for
 *     the parameters of a normalisation, the layer that it follows
 * @param connections the number of connections {@code c} that the convention gives the parameter; 0
 *     or more
 * @param depth the depth {@code d} that the convention gives the parameter, counted from 0 at the
 *     input
 * @param fanIn the inputs of one output unit of the parameter's layer, 1 or more, the same in every
 *     convention. For a dense layer and a convolution, transposed or not, it is the product of the
 *     weight's dimensions after the first: (units, inputs), (filters, channels per group, kernel
 *     …); for a linear collection (…, inputs, units) the inputs; for an embedding, a look-up, 1;
 *     for a recurrent layer inputs plus state. Where a block holds several other weights, it is the
 *     mean over all their units, rounded. A bias has its layer's, as has a normalisation; 1 where
 *     the network has no layer
 * @param isWeight whether the parameter's values are connections between units: those of a weight
 *     of rank 2 or more, not those of a bias or a normalisation
 * @since 0.1.0
 */
public record ParameterStructure(
        String path,
        String id,
        Shape shape,
        String layer,
        long connections,
        int depth,
        long fanIn,
        boolean isWeight) {

    /**
     * Checks that nothing is null.
     *
     * @param path the parameter's name
     * @param id its id
     * @param shape its shape
     * @param layer the path of its layer
     * @param connections its connections {@code c}
     * @param depth its depth {@code d}
     * @param fanIn its fan-in
     * @param isWeight whether it is a weight
     */
    public ParameterStructure {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(layer, "layer");
    }

    /**
     * Returns the number of values of the parameter.
     *
     * @return the number of values
     */
    public long size() {
        return shape.size();
    }
}
