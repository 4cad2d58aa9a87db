// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A fully connected layer of a chain, and what follows it.
 *
 * @param dense the layer
 * @param norm the normalisation of what it gives
 * @param activation the activation of that
 */
record ChainLink(
        Layer.Dense dense,
        Optional<Layer.BatchNormalization> norm,
        Optional<Layer.Activation> activation) {

    /** Reads a network as a chain of one link or more; empty if it is none. */
    static Optional<List<ChainLink>> of(Layer network) {
        List<ChainLink> links = new ArrayList<>();
        return append(network, links) && !links.isEmpty() && sharesWholeLayers(links)
                ? Optional.of(List.copyOf(links))
                : Optional.empty();
    }

    /** Returns the parameters of the normalisation. */
    Stream<Parameter> vectors() {
        return norm.stream().flatMap(layer -> Stream.of(layer.gamma(), layer.beta()));
    }

    private static boolean append(Layer layer, List<ChainLink> links) {
        if (layer instanceof Layer.Chain chain) {
            return chain.layers().stream().allMatch(part -> append(part, links));
        }
        if (layer instanceof Layer.Dense dense) {
            links.add(new ChainLink(dense, Optional.empty(), Optional.empty()));
            return true;
        }
        if (links.isEmpty() || links.get(links.size() - 1).activation().isPresent()) {
            return false;
        }
        ChainLink link = links.remove(links.size() - 1);
        if (layer instanceof Layer.Activation activation) {
            links.add(new ChainLink(link.dense(), link.norm(), Optional.of(activation)));
            return true;
        }
        if (layer instanceof Layer.BatchNormalization norm
                && link.norm().isEmpty()
                && Math.abs(norm.axis()) == 1) {
            links.add(new ChainLink(link.dense(), Optional.of(norm), Optional.empty()));
            return true;
        }
        return false;
    }

    /** A parameter may be in several layers, if all of them have the same weights and biases. */
    private static boolean sharesWholeLayers(List<ChainLink> links) {
        Map<Parameter, Layer> layers = new HashMap<>();
        for (ChainLink link : links) {
            Layer.Dense dense = link.dense();
            if (!dense.equals(layers.computeIfAbsent(dense.weight(), weight -> dense))
                    || (dense.bias() != null
                            && !dense.equals(layers.computeIfAbsent(dense.bias(), b -> dense)))) {
                return false;
            }
            Layer norm = link.norm().orElse(null);
            if (!link.vectors().allMatch(vector -> layers.put(vector, norm) == null)) {
                return false;
            }
        }
        return true;
    }
}
