// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import java.io.IOException;
import java.util.Optional;

/**
 * A network that a study can name.
 *
 * @since 0.1.0
 */
public interface ModelFactory extends Named {

    /**
     * Builds the network, not initialized.
     *
     * @param data what it is to be trained on
     * @param seed the seed of the initial weights, 0 or more: where initializers draw from a
     *     generator of their own, they take this seed. The engine's generator has it already.
     * @param options the options that the study gives
     * @return a new block, which takes batches of the data's samples and gives the data's outputs
     * @throws IOException if a file of the network cannot be read
     * @throws IllegalArgumentException if the options do not go together
     */
    Block create(DataSignature data, int seed, Options options) throws IOException;

    /**
     * Says why the network cannot be trained on data of this kind. This is asked before anything is
     * planned.
     *
     * @param data the data
     * @param options the options that the study gives
     * @return the reason, as the end of a sentence, such as {@code it takes images}; empty if it
     *     can
     */
    default Optional<String> refuses(DataSignature data, Options options) {
        return Optional.empty();
    }

    /**
     * Returns the loss that the network is trained with, for networks that add a penalty of their
     * own.
     *
     * @param plain the loss that the study's protocol asks for
     * @param block the network
     * @param options the options that the study gives
     * @return the loss
     */
    default Loss loss(Loss plain, Block block, Options options) {
        return plain;
    }

    /**
     * Returns how tables name the network where the study gives it no label.
     *
     * @return the name to print
     */
    default String title() {
        return name();
    }

    /**
     * Returns what the network was made for, so that it can be shown where there are no data.
     *
     * @return the data; empty if it was made for nothing in particular
     */
    default Optional<DataSignature> example() {
        return Optional.empty();
    }

    /**
     * Frees what a network holds beside its weights. This is called when its training has ended.
     *
     * @param block what {@link #create} returned
     */
    default void release(Block block) {
        // Mostly nothing.
    }
}
