// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.caadam.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** A 3-4-1 MLP with fixed weights, stepped with gradients that depend on the step only. */
final class GradientReplay implements AutoCloseable {

    static final int INPUTS = 3;

    private final NDManager manager = NDManager.newBaseManager();
    private final Block block =
            Networks.initialized(manager, Networks.mlp(4, 1), new Shape(1, INPUTS));

    GradientReplay() {
        Random random = new Random(3);
        for (Parameter parameter : block.getParameters().values()) {
            parameter.getArray().set(gaussians(random, parameter));
        }
    }

    Block block() {
        return block;
    }

    List<float[]> weights() {
        return Networks.values(block);
    }

    void setWeights(List<float[]> values) {
        Networks.setValues(block, values);
    }

    /** Makes the steps from {@code from} (inclusive) to {@code to} (exclusive). */
    void step(StatefulOptimizer optimizer, int from, int to) {
        for (int step = from; step < to; step++) {
            step(optimizer, step, Device.cpu(), Parameter::getArray);
        }
    }

    /** Makes a step on the copies of the trainable parameters on a device. */
    void step(
            StatefulOptimizer optimizer,
            int step,
            Device device,
            Function<Parameter, NDArray> copyOnDevice) {
        Random random = new Random(100 + step);
        for (Parameter parameter : block.getParameters().values()) {
            try (NDArray gradient =
                    manager.create(gaussians(random, parameter), parameter.getShape())) {
                if (parameter.requiresGradient()) {
                    optimizer.update(
                            new StateKey(parameter.getId(), device),
                            copyOnDevice.apply(parameter),
                            gradient);
                }
            }
        }
    }

    /** The gradients of a step, where nothing is frozen. */
    List<double[]> gradients(int step) {
        Random random = new Random(100 + step);
        List<double[]> gradients = new ArrayList<>();
        for (Parameter parameter : block.getParameters().values()) {
            float[] values = gaussians(random, parameter);
            double[] doubles = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                doubles[i] = values[i];
            }
            gradients.add(doubles);
        }
        return gradients;
    }

    /** The gradient of the first parameter at a step. */
    float[] firstGradient(int step) {
        return gaussians(new Random(100 + step), block.getParameters().valueAt(0));
    }

    private static float[] gaussians(Random random, Parameter parameter) {
        float[] values = new float[(int) parameter.getShape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Override
    public void close() {
        manager.close();
    }
}
