// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.ParameterList;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import io.github.caadam.internal.PrivateFields;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads blocks of DJL whose settings stand in private fields. */
final class SettingsReader {

    private static final Map<Class<?>, String> CONVOLUTIONS =
            Map.of(
                    Conv1d.class, "torch.conv1d",
                    Conv2d.class, "torch.conv2d",
                    Conv3d.class, "torch.conv3d");

    private SettingsReader() {}

    /** Returns the layer that a block is, or empty if it is not known or cannot be read. */
    static Optional<Layer> read(Block block) {
        Class<?> type = block.getClass();
        if (CONVOLUTIONS.containsKey(type)) {
            return convolution(block, CONVOLUTIONS.get(type));
        }
        if (type == BatchNorm.class) {
            return batchNorm(block);
        }
        if (type == Dropout.class) {
            return PrivateFields.read(block, Dropout.class, "rate", Float.class)
                    .map(Layer.Drop::new);
        }
        return Optional.empty();
    }

    private static Optional<Layer> convolution(Block block, String operator) {
        Optional<Shape> stride = convolutionShape(block, "stride");
        Optional<Shape> padding = convolutionShape(block, "padding");
        Optional<Shape> dilation = convolutionShape(block, "dilation");
        Optional<Integer> groups =
                PrivateFields.read(block, Convolution.class, "groups", Integer.class);
        if (stride.isEmpty() || padding.isEmpty() || dilation.isEmpty() || groups.isEmpty()) {
            return Optional.empty();
        }
        ParameterList parameters = block.getDirectParameters();
        return Optional.of(
                new Layer.Convolution(
                        operator,
                        parameters.get("weight"),
                        parameters.get("bias"),
                        List.of(
                                sizes(stride.get()),
                                sizes(padding.get()),
                                sizes(dilation.get()),
                                groups.get().toString())));
    }

    private static Optional<Shape> convolutionShape(Block block, String field) {
        return PrivateFields.read(block, Convolution.class, field, Shape.class);
    }

    private static String sizes(Shape shape) {
        return Arrays.toString(shape.getShape());
    }

    private static Optional<Layer> batchNorm(Block block) {
        Optional<Integer> axis = PrivateFields.read(block, BatchNorm.class, "axis", Integer.class);
        Optional<Float> momentum =
                PrivateFields.read(block, BatchNorm.class, "momentum", Float.class);
        Optional<Float> epsilon =
                PrivateFields.read(block, BatchNorm.class, "epsilon", Float.class);
        if (axis.isEmpty() || momentum.isEmpty() || epsilon.isEmpty()) {
            return Optional.empty();
        }
        ParameterList parameters = block.getDirectParameters();
        return Optional.of(
                new Layer.BatchNormalization(
                        parameters.get("gamma"),
                        parameters.get("beta"),
                        parameters.get("runningMean"),
                        parameters.get("runningVar"),
                        axis.get(),
                        1f - momentum.get(),
                        epsilon.get()));
    }
}
