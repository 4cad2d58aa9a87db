// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import java.util.List;

/**
 * Has images lie in memory with their channels last, which changes no shape and no value: PyTorch's
 * convolutions of two dimensions, and the batch normalisations and activations between them, then
 * spare copying images to and fro, on CPUs and on GPUs with tensor cores. Once a convolution has
 * such an input, all that follows keeps to it, so that only the first one of a network copies.
 */
final class ChannelsLast {

    static final String CONVOLUTION = "torch.conv2d";

    /** {@code torch.channels_last} is 2 in compiled programs. */
    private static final Layer.Formula LAYOUT =
            new Layer.Formula("torch.contiguous(@, memory_format=2)", "<d>");

    private ChannelsLast() {}

    /** Returns a network that does the same with its images laid out so. */
    static Layer of(Layer layer) {
        if (layer instanceof Layer.Convolution convolution) {
            return convolution.operator().equals(CONVOLUTION)
                    ? new Layer.Chain(List.of(LAYOUT, convolution))
                    : convolution;
        }
        if (layer instanceof Layer.Chain chain) {
            return new Layer.Chain(chain.layers().stream().map(ChannelsLast::of).toList());
        }
        if (layer instanceof Layer.Sum sum) {
            return new Layer.Sum(sum.branches().stream().map(ChannelsLast::of).toList());
        }
        return layer;
    }
}
