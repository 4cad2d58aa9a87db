// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.loss.Loss;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.Accelerator;
import io.github.caadam.spi.EpochProgram;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.UpdatePlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The compiled steps of a network, and the checks that come before anything is written. */
final class CompiledSteps implements AutoCloseable {

    private final Block block;
    private final StatefulOptimizer optimizer;
    private final List<Parameter> parameters;
    private final Device device;
    private final EpochProgram program;

    private CompiledSteps(
            Block block,
            StatefulOptimizer optimizer,
            List<Parameter> parameters,
            EpochProgram program) {
        this.block = block;
        this.optimizer = optimizer;
        this.parameters = parameters;
        this.program = program;
        device = parameters.get(0).getArray().getDevice();
    }

    private static List<Parameter> parameters(Block block) {
        return NetworkParameters.of(block).all().stream()
                .map(NetworkParameters.Named::parameter)
                .toList();
    }

    /**
     * Compiles.
     *
     * @throws NotAcceleratedException as {@link CompiledEpoch#compile} says
     * @throws IllegalStateException as {@link CompiledEpoch#compile} says
     */
    static CompiledSteps compile(Block block, Loss loss, StatefulOptimizer optimizer)
            throws NotAcceleratedException {
        if (!block.isInitialized()) {
            throw new IllegalStateException(
                    "Initialize the block first, such as by trainer.initialize(shape).");
        }
        List<Parameter> parameters = parameters(block);
        if (parameters.isEmpty()) {
            throw new NotAcceleratedException("the block", "it has no parameters");
        }
        if (!optimizer.isPlannable()) {
            throw new NotAcceleratedException(
                    "optimizer", "its factors depend on the gradient of each step: " + optimizer);
        }
        requireOneDevice(parameters);
        NDArray first = parameters.get(0).getArray();
        Accelerator accelerator = Accelerator.of(first.getManager().getEngine().getEngineName());
        EpochProgram program = accelerator.compile(block, loss, plan(optimizer, parameters));
        return new CompiledSteps(block, optimizer, parameters, program);
    }

    private static void requireOneDevice(List<Parameter> parameters)
            throws NotAcceleratedException {
        List<Device> devices =
                parameters.stream().map(p -> p.getArray().getDevice()).distinct().toList();
        if (devices.size() > 1) {
            throw new NotAcceleratedException(
                    "parameters", "they lie on several devices: " + devices);
        }
    }

    private static UpdatePlan plan(StatefulOptimizer optimizer, List<Parameter> parameters) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            if (parameter.requiresGradient()) {
                weights.put(parameter.getId(), parameter.getArray());
            }
        }
        return optimizer.plan(weights);
    }

    private UpdatePlan plan() {
        return plan(optimizer, parameters);
    }

    /** Returns where parameters lie, and data must. */
    Device device() {
        return device;
    }

    /** Returns whether the block still has the parameters that this was compiled for. */
    boolean areOf(Block present) {
        return parameters(present).equals(parameters);
    }

    /**
     * Checks that such rows can be trained on and what is trainable now can be trained.
     *
     * @return the shape of a prediction for a row
     * @throws NotAcceleratedException if they cannot
     */
    Shape requireTrainable(NDArray features, NDArray labels) throws NotAcceleratedException {
        try {
            requireArrays(features, labels);
            Shape prediction = program.requireRows(features, labels);
            UpdatePlan plan = plan();
            if (!plan.entries().isEmpty()) {
                program.requireTrainable(plan, features);
            }
            return prediction;
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage().replaceAll("\\.$", "");
            throw new NotAcceleratedException("data set", reason, e);
        }
    }

    /**
     * Checks, before anything is written, that rows can be trained on.
     *
     * @param features the features
     * @param labels the labels
     * @param rows how many rows are trained on
     * @param batchSize the rows of a batch; the last one may be smaller
     * @throws IllegalArgumentException if the data is not such as network and loss take, or the
     *     last batch is too small for a batch normalisation
     * @throws IllegalStateException if layers were replaced, or all parameters are frozen
     */
    void requireTraining(NDArray features, NDArray labels, long rows, int batchSize) {
        requireUsable();
        requireArrays(features, labels);
        program.requireData(features, labels);
        int last = (int) (rows % batchSize);
        program.requireBatch(features, last == 0 ? batchSize : last);
        if (parameters.stream().noneMatch(Parameter::requiresGradient)) {
            throw new IllegalStateException(
                    "All parameters are frozen; there is nothing to train.");
        }
    }

    /** Trains on rows that were checked, in order; see {@link EpochProgram#run}. */
    double run(NDArray features, NDArray labels, int batchSize) {
        return program.run(plan(), features, labels, batchSize);
    }

    /** The same, and returns predictions; see {@link EpochProgram#runAndPredict}. */
    NDArray runAndPredict(NDArray features, NDArray labels, int batchSize) {
        return program.runAndPredict(plan(), features, labels, batchSize);
    }

    /** Computes the mean loss as after training, with averaged weights where there are some. */
    double evaluate(NDArray features, NDArray labels) {
        requireUsable();
        requireArrays(features, labels);
        program.requireData(features, labels);
        return program.evaluate(features, labels, this::evaluated);
    }

    private NDArray evaluated(Parameter parameter) {
        NDArray present = parameter.getArray();
        return optimizer.isAveraging() && parameter.requiresGradient()
                ? optimizer.averageOf(parameter.getId(), device).orElse(present)
                : present;
    }

    /** Returns the source of the program; empty if all parameters are frozen. */
    String source() {
        requireUsable();
        UpdatePlan plan = plan();
        return plan.entries().isEmpty() ? "" : program.source(plan);
    }

    private void requireUsable() {
        if (!areOf(block)) {
            throw new IllegalStateException(
                    "The block has other parameters than when this was compiled; compile it"
                            + " again.");
        }
    }

    private void requireArrays(NDArray features, NDArray labels) {
        if (features.getShape().dimension() == 0
                || labels.getShape().dimension() == 0
                || features.getShape().get(0) == 0
                || features.getShape().get(0) != labels.getShape().get(0)) {
            throw new IllegalArgumentException(
                    "Features and labels must have the same number of rows, 1 or more, found "
                            + features.getShape()
                            + " and "
                            + labels.getShape()
                            + ".");
        }
        for (NDArray data : List.of(features, labels)) {
            if (!data.getDevice().equals(device)) {
                throw new IllegalArgumentException(
                        "The data must lie where the parameters lie, on "
                                + device
                                + ", found "
                                + data.getDevice()
                                + ".");
            }
            if (data.isSparse()) {
                throw new IllegalArgumentException(
                        "The data must be dense; convert it by toDense().");
            }
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
