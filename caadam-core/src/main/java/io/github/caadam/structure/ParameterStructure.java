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
 */
public record ParameterStructure(
        String path, String id, Shape shape, String layer, long connections, int depth) {

    /**
     * Checks that nothing is null.
     *
     * @param path the parameter's name
     * @param id its id
     * @param shape its shape
     * @param layer the path of its layer
     * @param connections its connections {@code c}
     * @param depth its depth {@code d}
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
