// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.training.MeanSquaredError;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Executions that take turns in the middle of the batches of a step, each going on from what the
 * other has accumulated; and states that are saved and loaded there.
 */
class AccumulationTurnsTest {

    private static final int BATCH = 8;
    private static final int BATCHES_OF_STEP = 4;
    private static final int WIDTH = 5;

    /** How many batches each turn has; no two turns end at the same place of a step. */
    private static final int[] TURNS = {1, 2, 3, 5, 1, 7, 2};

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data =
            TestData.regression(manager, BATCH * Arrays.stream(TURNS).sum(), WIDTH, 2);

    @TempDir private Path directory;

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @EnumSource
    void executionsTakeTurnsWithinAStep(LibraryOptimizer line) throws Exception {
        Path file = directory.resolve("optimizer.npz");
        try (Executions executions = executions(line)) {
            assertThat(executions.refusal()).isEmpty();
            int from = 0;
            for (int turn = 0; turn < TURNS.length; turn++) {
                int[] rows = rows(from, from + TURNS[turn] * BATCH);
                from += rows.length;
                train(executions.eager(), rows);
                train(executions.fused(), rows);
                if (turn % 2 == 0) {
                    executions.epoch().run(data.features(), data.labels(), rows);
                } else {
                    train(executions.whole(), rows);
                }
                for (Twins.Side side : new Twins.Side[] {executions.fused(), executions.whole()}) {
                    side.optimizer().save(file);
                    side.optimizer().load(file);
                }

                executions.requireSame(Executions.TOLERANCE);
            }
            assertThat(executions.fallbackReason()).isEmpty();
        }
    }

    private void train(Twins.Side side, int[] rows) {
        side.trainEagerly(data.features(), data.labels(), rows);
    }

    private static int[] rows(int from, int to) {
        int[] rows = new int[to - from];
        Arrays.setAll(rows, i -> from + i);
        return rows;
    }

    private static Executions executions(LibraryOptimizer line) {
        return new Executions(
                () -> Networks.mlp(6, 2),
                block ->
                        line.create(
                                block,
                                builder ->
                                        builder.optLearningRateTracker(
                                                        (Tracker) step -> 0.01f / step)
                                                .optGlobalClipNorm(0.2f)
                                                .optGradientAccumulationSteps(BATCHES_OF_STEP)
                                                .optWeightAverage(0.7f)),
                block -> new MeanSquaredError(),
                BATCH,
                new Shape(WIDTH));
    }
}
