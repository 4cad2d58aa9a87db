// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.Pair;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One training in three executions on CPU: DJL's loop, a {@link FusedTrainer}, and a {@link
 * CompiledEpoch}, unless the compiler refuses the network.
 */
final class Executions implements AutoCloseable {

    /** See {@link CompiledEpochTest}; relative to a parameter's largest value or to 1. */
    static final double TOLERANCE = 5e-6;

    private final Twins.Side eager;
    private final Twins.Side fused;
    private final Twins.Side whole;
    private CompiledEpoch epoch;
    private String refusal;
    private int epochs;

    Executions(
            Supplier<Block> network,
            Function<Block, StatefulOptimizer> optimizer,
            Function<Block, Loss> loss,
            int batch,
            Shape sample) {
        this(DataType.FLOAT32, network, optimizer, loss, batch, sample);
    }

    Executions(
            DataType type,
            Supplier<Block> network,
            Function<Block, StatefulOptimizer> optimizer,
            Function<Block, Loss> loss,
            int batch,
            Shape sample) {
        Device cpu = Device.cpu();
        eager =
                new Twins.Side(
                        cpu,
                        type,
                        network.get(),
                        optimizer,
                        loss,
                        batch,
                        sample,
                        type == DataType.FLOAT32 ? Model::newTrainer : StepByStep::new);
        fused =
                new Twins.Side(
                        cpu, type, network.get(), optimizer, loss, batch, sample, Trainers.FUSED);
        whole =
                new Twins.Side(
                        cpu,
                        type,
                        network.get(),
                        optimizer,
                        loss,
                        batch,
                        sample,
                        Model::newTrainer);
        try {
            epoch =
                    CompiledEpoch.compile(
                            whole.block(), whole.trainer().getLoss(), whole.optimizer(), batch);
        } catch (NotAcceleratedException e) {
            refusal = e.getMessage();
        }
    }

    Twins.Side eager() {
        return eager;
    }

    Twins.Side fused() {
        return fused;
    }

    Twins.Side whole() {
        return whole;
    }

    CompiledEpoch epoch() {
        return epoch;
    }

    /** Why the compiler refused the network. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Why the fused trainer makes steps parameter by parameter. */
    Optional<String> fallbackReason() {
        return ((FusedTrainer) fused.trainer()).fallbackReason();
    }

    /** Does something to each side. */
    void each(Consumer<Twins.Side> action) {
        for (Twins.Side side : List.of(eager, fused, whole)) {
            action.accept(side);
        }
    }

    /** Freezes or unfreezes the parameters whose paths match, of each side. */
    void freeze(String pathPattern, boolean frozen) {
        each(
                side -> {
                    for (Pair<String, Parameter> pair : side.block().getParameters()) {
                        if (pair.getKey().matches(pathPattern)) {
                            pair.getValue().freeze(frozen);
                        }
                    }
                });
    }

    /** Trains all for some epochs, each in an order of its own. */
    Executions train(TestData data, int count) {
        int rows = (int) data.features().getShape().get(0);
        for (int i = 0; i < count; i++) {
            int[] order = TestData.order(rows, epochs);
            epochs++;
            eager.trainEagerly(data.features(), data.labels(), order);
            fused.trainEagerly(data.features(), data.labels(), order);
            if (epoch != null) {
                epoch.run(data.features(), data.labels(), order);
            }
        }
        return this;
    }

    /** Requires that all weights are equal up to rounding, and numbers. */
    void requireSame(double tolerance) {
        requireSame("fused", fused, tolerance);
        if (epoch != null) {
            requireSame("compiled", whole, tolerance);
        }
    }

    private void requireSame(String name, Twins.Side side, double tolerance) {
        for (Pair<String, Parameter> pair : eager.block().getParameters()) {
            assertThat(difference(side.parameter(pair.getKey()), pair.getValue().getArray()))
                    .as("%s, %s", name, pair.getKey())
                    .isLessThanOrEqualTo(tolerance);
            assertThat(differenceOfAverages(side, eager, pair.getKey()))
                    .as("%s, average of %s", name, pair.getKey())
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    /** The same of the averages of a parameter's weights; 0 where neither side has one. */
    static double differenceOfAverages(Twins.Side side, Twins.Side other, String path) {
        Optional<NDArray> found = average(side, path);
        Optional<NDArray> expected = average(other, path);
        assertThat(found.isPresent()).as("average of %s", path).isEqualTo(expected.isPresent());
        return found.map(average -> difference(average, expected.orElseThrow())).orElse(0.0);
    }

    private static Optional<NDArray> average(Twins.Side side, String path) {
        Parameter parameter = side.block().getParameters().get(path);
        return side.optimizer().averageOf(parameter.getId(), parameter.getArray().getDevice());
    }

    /** The largest difference, relative to the largest value or to 1; infinite if one is NaN. */
    static double difference(NDArray found, NDArray expected) {
        double[] actual = values(found);
        double[] wanted = values(expected);
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < wanted.length; i++) {
            double here = Math.abs(actual[i] - wanted[i]);
            if (Double.isNaN(here)) {
                return Double.POSITIVE_INFINITY;
            }
            largest = Math.max(largest, Math.abs(wanted[i]));
            difference = Math.max(difference, here);
        }
        return difference / largest;
    }

    /** The values of an array of any type. */
    static double[] values(NDArray array) {
        try (NDArray doubles = array.toType(DataType.FLOAT64, true)) {
            return doubles.toDoubleArray();
        }
    }

    /** The values of all parameters of a block. */
    static List<double[]> values(Block block) {
        List<double[]> values = new ArrayList<>();
        for (Parameter parameter : block.getParameters().values()) {
            values.add(values(parameter.getArray()));
        }
        return values;
    }

    /**
     * DJL's loop for other types than single precision, for which DJL's own trainer throws in its
     * check of the first gradients.
     */
    private static final class StepByStep extends Trainer {

        private final Optimizer optimizer;

        StepByStep(Model model, TrainingConfig config) {
            super(model, config);
            optimizer = config.getOptimizer();
        }

        @Override
        public void step() {
            Set<Parameter> distinct =
                    new LinkedHashSet<>(getModel().getBlock().getParameters().values());
            for (Parameter parameter : distinct) {
                if (parameter.requiresGradient()) {
                    NDArray array = parameter.getArray();
                    optimizer.update(parameter.getId(), array, array.getGradient());
                }
            }
        }
    }

    @Override
    public void close() {
        if (epoch != null) {
            epoch.close();
        }
        each(Twins.Side::close);
    }
}
