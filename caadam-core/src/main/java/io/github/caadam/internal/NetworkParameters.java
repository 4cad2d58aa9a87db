// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The distinct parameters of a block, in the order of {@code block.getParameters()}. A parameter
 * that occurs several times, because blocks share it or a block stands twice in the tree, is here
 * once, under its first path.
 *
 * <p>It looks at the block anew at every call, since a block gets its parameters' arrays when it is
 * initialized, and since parameters are frozen and unfrozen.
 *
 * @since 0.1.0
 */
public final class NetworkParameters {

    private final Block block;

    private NetworkParameters(Block block) {
        this.block = block;
    }

    /**
     * Looks at a block.
     *
     * @param block the block; need not be initialized yet
     * @return its parameters
     */
    public static NetworkParameters of(Block block) {
        return new NetworkParameters(Objects.requireNonNull(block, "block"));
    }

    /**
     * Returns all parameters, frozen ones and running statistics included.
     *
     * @return the parameters, each once
     * @throws IllegalStateException if one was not initialized
     */
    public List<Named> all() {
        Map<String, Named> byId = new LinkedHashMap<>();
        for (Pair<String, Parameter> pair : block.getParameters()) {
            Parameter parameter = pair.getValue();
            if (!parameter.isInitialized()) {
                throw new IllegalStateException(
                        "The parameter "
                                + pair.getKey()
                                + " has no values yet: initialize the block first, for instance by"
                                + " trainer.initialize(shape).");
            }
            byId.putIfAbsent(parameter.getId(), new Named(pair.getKey(), parameter));
        }
        return List.copyOf(byId.values());
    }

    /**
     * Returns all parameters by path, to keep something of them under it.
     *
     * @return the parameters, each once, in the order of {@link #all}
     * @throws IllegalStateException if one was not initialized, or two of them have one path, as
     *     where a block gave two children one name
     */
    public Map<String, Named> byPath() {
        Map<String, Named> byPath = new LinkedHashMap<>();
        for (Named named : all()) {
            if (byPath.putIfAbsent(named.path(), named) != null) {
                throw new IllegalStateException(
                        "Two parameters of the block have the path "
                                + named.path()
                                + "; give its children other names.");
            }
        }
        return Collections.unmodifiableMap(byPath);
    }

    /**
     * Returns the parameters that are trained, those that need a gradient.
     *
     * @return the parameters, each once
     * @throws IllegalStateException if one was not initialized
     */
    public List<Named> trainable() {
        return all().stream().filter(named -> named.parameter().requiresGradient()).toList();
    }

    /**
     * A parameter and its path.
     *
     * @param path its first name in {@code block.getParameters()}
     * @param parameter the parameter, initialized
     */
    public record Named(String path, Parameter parameter) {

        /**
         * Returns its shape; DJL leaves that of a TorchScript parameter itself unset.
         *
         * @return the shape
         */
        public Shape shape() {
            return parameter.getArray().getShape();
        }

        /**
         * Returns the type of its numbers.
         *
         * @return the type
         */
        public DataType dataType() {
            return parameter.getArray().getDataType();
        }

        /**
         * Returns where its values are.
         *
         * @return the device
         */
        public Device device() {
            return parameter.getArray().getDevice();
        }
    }
}
