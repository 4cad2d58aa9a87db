// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.tracker.ParameterTracker;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.BestWeights;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.MeanSquaredError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who owns arrays and programs frees them, and nobody else. */
class OwnershipTest {

    private static final int ROWS = 40;
    private static final int BATCH = 16;
    private static final int WIDTH = 4;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, 2);

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void aClosedOptimizerRefusesToGoOn(OptimizerCase kind, @TempDir Path directory)
            throws Exception {
        Block block = Networks.mlp(5, 2);
        block.setInitializer(Initializer.ONES, parameter -> true);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
        Parameter first = block.getParameters().valueAt(0);
        NDArray weight = first.getArray();
        NDArray gradient = weight.onesLike();
        StatefulOptimizer optimizer = kind.create(block);
        optimizer.update(first.getId(), weight, gradient);
        float[] before = weight.toFloatArray();
        optimizer.close();
        optimizer.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> optimizer.update(first.getId(), weight, gradient))
                .withMessageContaining("closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> optimizer.plan(Map.of(first.getId(), weight)))
                .withMessageContaining("closed");
        Path file = directory.resolve("optimizer.npz");
        assertThatIllegalStateException()
                .isThrownBy(() -> optimizer.save(file))
                .withMessageContaining("closed");
        assertThat(file).doesNotExist();
        assertThat(weight.toFloatArray()).isEqualTo(before);
    }

    @Test
    void stepsWithAClosedOptimizerAreRefusedByEveryExecution() {
        try (Executions executions = executions()) {
            executions.train(data, 1);
            executions.each(side -> side.optimizer().close());
            int[] order = TestData.order(ROWS, 1);
            for (Twins.Side side : List.of(executions.eager(), executions.fused())) {
                List<double[]> before = Executions.values(side.block());
                assertThatIllegalStateException()
                        .isThrownBy(() -> side.trainEagerly(data.features(), data.labels(), order))
                        .withMessageContaining("closed");
                assertThat(Executions.values(side.block())).containsExactlyElementsOf(before);
            }
            List<double[]> before = Executions.values(executions.whole().block());
            assertThatIllegalStateException()
                    .isThrownBy(() -> executions.epoch().run(data.features(), data.labels(), order))
                    .withMessageContaining("closed");
            assertThat(Executions.values(executions.whole().block()))
                    .containsExactlyElementsOf(before);
        }
    }

    private static Executions executions() {
        return new Executions(
                () -> Networks.mlp(5, 2),
                OptimizerCase.CAADAM_ADDITIVE::create,
                block -> new MeanSquaredError(),
                BATCH,
                new Shape(WIDTH));
    }

    /** What began inside a scope of the user's goes on behind it, to the same weights. */
    @Test
    void trainingsOutliveAScopeInWhichTheyBegan() {
        try (Executions scoped = executions();
                Executions free = executions()) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                scoped.train(data, 1);
            }
            free.train(data, 1);
            scoped.train(data, 2).requireSame(Executions.TOLERANCE);
            free.train(data, 2);

            assertThat(Executions.values(scoped.whole().block()))
                    .containsExactlyElementsOf(Executions.values(free.whole().block()));
            assertThat(Executions.values(scoped.fused().block()))
                    .containsExactlyElementsOf(Executions.values(free.fused().block()));
        }
    }

    @Test
    void aCompiledEpochOutlivesTheScopeInWhichItWasCompiled() throws Exception {
        try (Executions executions = executions()) {
            Twins.Side side = executions.whole();
            CompiledEpoch epoch;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                epoch =
                        CompiledEpoch.compile(
                                side.block(), new MeanSquaredError(), side.optimizer(), BATCH);
                epoch.run(data.features(), data.labels(), TestData.order(ROWS, 0));
            }
            try (epoch) {
                int[] order = TestData.order(ROWS, 1);
                executions
                        .eager()
                        .trainEagerly(data.features(), data.labels(), TestData.order(ROWS, 0));
                executions.eager().trainEagerly(data.features(), data.labels(), order);
                epoch.run(data.features(), data.labels(), order);
                epoch.evaluate(data.features(), data.labels());
            }
            for (String path : side.block().getParameters().keys()) {
                assertThat(
                                Executions.difference(
                                        side.parameter(path), executions.eager().parameter(path)))
                        .as(path)
                        .isLessThan(Executions.TOLERANCE);
            }
        }
    }

    /** Neither what it captured nor what it loads is the scope's. */
    @Test
    void bestWeightsOutliveAScopeInWhichTheyWereCaptured(@TempDir Path directory) throws Exception {
        Block block = Networks.mlp(5, 2);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
        List<float[]> captured = Networks.values(block);
        try (BestWeights best = new BestWeights(block)) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                best.capture();
            }
            NDArray first = block.getParameters().valueAt(0).getArray();
            first.set(new float[(int) first.size()]);
            best.restore();
            assertThat(Networks.values(block)).containsExactlyElementsOf(captured);

            Path file = directory.resolve("best.npz");
            best.save(file);
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                best.load(file);
            }
            first.set(new float[(int) first.size()]);
            best.restore();
            assertThat(Networks.values(block)).containsExactlyElementsOf(captured);
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void loadedStateOutlivesAScopeInWhichItWasLoaded(OptimizerCase kind, @TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("optimizer.npz");
        try (Twins.Side saved = side(kind, Model::newTrainer);
                Twins.Side loaded = side(kind, Model::newTrainer)) {
            train(saved, 0);
            train(loaded, 0);
            saved.optimizer().save(file);
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                loaded.optimizer().load(file);
            }
            train(saved, 1);
            train(loaded, 1);

            assertThat(Networks.values(loaded.block()))
                    .containsExactlyElementsOf(Networks.values(saved.block()));
        }
    }

    private void train(Twins.Side side, int epoch) {
        side.trainEagerly(data.features(), data.labels(), TestData.order(ROWS, epoch));
    }

    private static Twins.Side side(
            OptimizerCase kind, BiFunction<Model, TrainingConfig, Trainer> trainers) {
        return new Twins.Side(
                Device.cpu(),
                Networks.mlp(5, 2),
                kind::create,
                block -> new MeanSquaredError(),
                BATCH,
                new Shape(WIDTH),
                trainers);
    }

    /** A tracker that puts parameters together anew at every step. */
    static ParameterTracker regrouping() {
        return (id, step) -> new Random(31L * step + id.hashCode()).nextBoolean() ? 0.001f : 0.002f;
    }

    static StatefulOptimizer regrouped(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.none())
                .optLearningRateTracker(regrouping())
                .build();
    }

    @Test
    void aClosedFusedTrainerLeavesTheOptimizerToItsOwner() {
        try (Twins.Side side = side(OptimizerCase.ADAM, Trainers.FUSED)) {
            train(side, 0);
            side.trainer().close();
            Parameter first = side.block().getParameters().valueAt(0);
            side.optimizer().update(first.getId(), first.getArray(), first.getArray().onesLike());

            assertThat(Executions.values(first.getArray())).doesNotContain(Double.NaN);
        }
    }

    @Test
    void aSavedFileIsThereWhenSaveReturns(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("optimizer.npz");
        try (Twins.Side side = side(OptimizerCase.ADAM, Trainers.FUSED)) {
            train(side, 0);
            side.optimizer().save(file);
        }
        assertThat(directory.toFile().list()).containsExactly("optimizer.npz");
    }
}
