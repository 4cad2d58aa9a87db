// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.MeanSquaredError;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every optimizer of the library, trained eagerly, by fused steps and compiled. */
class ThreeExecutionsTest {

    private static final int ROWS = 74;
    private static final int BATCH = 16;
    private static final int WIDTH = 6;
    private static final int OUTPUTS = 2;
    private static final int EPOCHS = 4;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, OUTPUTS);

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @EnumSource
    void agreeWithDefaults(LibraryOptimizer line) {
        requireSame(line, builder -> {});
    }

    @ParameterizedTest
    @EnumSource
    void agreeWithScalingDecayAndClippingByTheGlobalNorm(LibraryOptimizer line) {
        requireSame(
                line,
                builder -> {
                    LibraryOptimizer.scale(builder, ScalingStrategy.additive());
                    builder.optDecoupledWeightDecay(0.01f).optGlobalClipNorm(0.1f);
                });
    }

    /** Batches and steps do not go evenly into an epoch of five batches. */
    @ParameterizedTest
    @EnumSource
    void agreeWithAccumulatedGradientsAndAverages(LibraryOptimizer line) {
        requireSame(
                line, builder -> builder.optGradientAccumulationSteps(3).optWeightAverage(0.8f));
    }

    @ParameterizedTest
    @EnumSource
    void agreeWithAllOptionsAtOnce(LibraryOptimizer line) {
        requireSame(
                line,
                builder -> {
                    LibraryOptimizer.scale(builder, ScalingStrategy.additive());
                    builder.optDecoupledWeightDecay(0.01f)
                            .optGlobalClipNorm(0.1f)
                            .optGradientAccumulationSteps(2)
                            .optWeightAverage(0.9f);
                    builder.setRescaleGrad(0.5f);
                });
    }

    private void requireSame(
            LibraryOptimizer line, Consumer<StatefulOptimizer.Builder<?>> options) {
        try (Executions executions =
                new Executions(
                        () -> Networks.mlp(8, OUTPUTS),
                        block ->
                                line.create(
                                        block,
                                        builder -> {
                                            builder.optLearningRateTracker(Tracker.fixed(0.002f));
                                            options.accept(builder);
                                        }),
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            assertThat(executions.refusal()).isEmpty();
            assertThat(executions.fallbackReason()).isEmpty();
            executions.train(data, EPOCHS).requireSame(Executions.TOLERANCE);
        }
    }
}
