// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/** A network that a study or the command line can name. */
public sealed interface ModelSpec permits Mlp, NamedModel {

    /**
     * Returns the name, such as {@code mlp:64-32} or {@code resnet20}, which is also its form in
     * JSON.
     *
     * @return the name
     */
    @JsonValue
    String name();

    /**
     * Returns how the paper's tables name the network, such as {@code 64-32}.
     *
     * @return the architecture
     */
    String architecture();

    /**
     * Returns the shape of one sample where none is given, such as (8) or (3, 32, 32).
     *
     * @return the shape, without the batch
     */
    Shape defaultInput();

    /**
     * Returns the units of the output layer where none are given.
     *
     * @return the number of units
     */
    int defaultOutputs();

    /**
     * Builds the network, not initialized. Its weights will be drawn in Java, in the order of the
     * layers, so that a seed gives the same weights on every engine and device; biases are zero.
     *
     * @param input the shape of one sample
     * @param outputs the units of the output layer
     * @param seed the seed of the initial weights
     * @return the block
     * @throws IllegalArgumentException if samples of that shape have not the number of dimensions
     *     that the network takes
     */
    Block newBlock(Shape input, int outputs, int... seed);

    /**
     * Returns what the loss penalizes.
     *
     * @return the penalty; empty if there is none
     */
    default Optional<Penalty> penalty() {
        return Optional.empty();
    }

    /**
     * A penalty {@code λ·Σ‖θ‖²} that is part of the loss.
     *
     * @param lambda {@code λ}
     * @param pathPattern a regular expression, found in the paths of the parameters {@code θ}
     */
    record Penalty(float lambda, String pathPattern) {}

    /**
     * Checks that samples have the number of dimensions that the network takes.
     *
     * @param input the shape of one sample
     * @throws IllegalArgumentException if they have not
     */
    default void requireDimensions(Shape input) {
        if (input.dimension() != defaultInput().dimension()) {
            throw new IllegalArgumentException(
                    "The model "
                            + name()
                            + " takes samples of a shape such as "
                            + defaultInput()
                            + ", found "
                            + input
                            + ".");
        }
    }

    /**
     * Reads a model's name.
     *
     * @param name the name, such as {@code mlp:128-64-32} or {@code resnet20}
     * @return the model
     * @throws IllegalArgumentException if it names no model; the message says what does
     */
    @JsonCreator
    static ModelSpec parse(String name) {
        if (Mlp.isName(name)) {
            return Mlp.parse(name);
        }
        return NamedModel.ALL.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown model \""
                                                + name
                                                + "\"; valid are mlp: followed by the units of the"
                                                + " hidden layers, such as "
                                                + String.join(", ", Mlp.PAPER)
                                                + ", and "
                                                + String.join(", ", NamedModel.names())
                                                + "."));
    }
}
