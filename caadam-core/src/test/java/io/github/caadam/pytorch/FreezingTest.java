// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.EpsilonPlacement;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.optimizer.Prodigy;
import io.github.caadam.optimizer.ScheduleFreeAdamW;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.MeanSquaredError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parameters that come and go: the schedule is at the network's step, the bias correction at the
 * parameter's own, and a gradient of zeros is a gradient.
 */
class FreezingTest {

    private static final int ROWS = 70;
    private static final int BATCH = 16;
    private static final int WIDTH = 4;

    /** See {@link Executions#TOLERANCE}; but the first steps are larger here, up to 0.01. */
    private static final double TOLERANCE = 2e-5;

    /** Changes at every step, so that a step too few shows. */
    private static float falling(int step) {
        return 0.01f / step;
    }

    private static Block network() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(5).build())
                .add(Activation.tanhBlock())
                .add(Linear.builder().setUnits(4).build())
                .add(Activation.tanhBlock())
                .add(Linear.builder().setUnits(2).build());
    }

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, 2);

    @AfterEach
    void close() {
        manager.close();
    }

    private enum Kind {
        CAADAM {
            @Override
            StatefulOptimizer create(Block block) {
                return CaAdam.builder()
                        .setBlock(block)
                        .setScaling(ScalingStrategy.none())
                        .optLearningRateTracker((Tracker) FreezingTest::falling)
                        .optDecoupledWeightDecay(0.01f)
                        .build();
            }
        },
        CAADAM_BIAS_CORRECTED {
            @Override
            StatefulOptimizer create(Block block) {
                return CaAdam.builder()
                        .setBlock(block)
                        .setScaling(ScalingStrategy.additive())
                        .optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED)
                        .optAmsgrad(true)
                        .optLearningRateTracker((Tracker) FreezingTest::falling)
                        .build();
            }
        },
        ADAMAX {
            @Override
            StatefulOptimizer create(Block block) {
                return Adamax.builder()
                        .optBlock(block)
                        .optLearningRateTracker((Tracker) FreezingTest::falling)
                        .build();
            }
        },
        PRODIGY {
            @Override
            StatefulOptimizer create(Block block) {
                return Prodigy.builder()
                        .optBlock(block)
                        .optLearningRateTracker((Tracker) FreezingTest::falling)
                        .optD0(0.5f)
                        .build();
            }
        },
        SCHEDULE_FREE {
            @Override
            StatefulOptimizer create(Block block) {
                return ScheduleFreeAdamW.builder()
                        .optBlock(block)
                        .optLearningRateTracker((Tracker) FreezingTest::falling)
                        .optR(0.5f)
                        .build();
            }
        },
        NADAM {
            @Override
            StatefulOptimizer create(Block block) {
                return Nadam.builder()
                        .optBlock(block)
                        .optLearningRateTracker((Tracker) FreezingTest::falling)
                        .build();
            }
        };

        abstract StatefulOptimizer create(Block block);
    }

    /** DJL's loop updates in the order of random ids: so several times. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void frozenAndUnfrozenAtRandomAllExecutionsTrainTheSame(int seed) {
        Kind kind = Kind.values()[seed % Kind.values().length];
        try (Executions executions =
                new Executions(
                        FreezingTest::network,
                        kind::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            List<String> paths = new ArrayList<>(executions.eager().block().getParameters().keys());
            Random random = new Random(seed);
            for (int epoch = 0; epoch < 6; epoch++) {
                String trained = paths.get(random.nextInt(paths.size()));
                for (String path : paths) {
                    executions.freeze(path, !path.equals(trained) && random.nextBoolean());
                }
                executions.train(data, 1).requireSame(TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnfrozenParameterIsAtTheNetworksStepWhateverTheOrderOfUpdates(Kind kind) {
        List<List<float[]>> results = new ArrayList<>();
        for (int rotation = 0; rotation < 4; rotation++) {
            Block block = initialized();
            try (StatefulOptimizer optimizer = kind.create(block)) {
                List<Parameter> parameters = block.getParameters().values();
                List<Integer> order =
                        new ArrayList<>(IntStream.range(0, parameters.size()).boxed().toList());
                Collections.rotate(order, rotation);
                if (rotation == 3) {
                    Collections.reverse(order);
                }
                for (int step = 1; step <= 8; step++) {
                    parameters.get(0).freeze(step <= 5);
                    parameters.get(3).freeze(step == 4 || step == 5);
                    for (int i : order) {
                        Parameter parameter = parameters.get(i);
                        if (parameter.requiresGradient()) {
                            optimizer.update(
                                    parameter.getId(),
                                    parameter.getArray(),
                                    gradient(parameter, i, step));
                        }
                    }
                }
            }
            results.add(
                    block.getParameters().values().stream()
                            .map(parameter -> parameter.getArray().toFloatArray())
                            .toList());
        }

        for (List<float[]> result : results) {
            assertThat(result).containsExactlyElementsOf(results.get(0));
        }
    }

    private Block initialized() {
        Block block = network();
        block.setInitializer(Initializer.ONES, parameter -> true);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, WIDTH));
        return block;
    }

    private NDArray gradient(Parameter parameter, int index, int step) {
        Random random = new Random(100L * index + step);
        float[] values = new float[(int) parameter.getShape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, parameter.getShape());
    }

    /** Adam's first step of a parameter, corrected, is the rate by the gradient's sign. */
    @Test
    void theFirstStepOfAnUnfrozenParameterIsTheRateOfTheNetworksStep() {
        Block block = initialized();
        try (StatefulOptimizer optimizer =
                CaAdam.builder()
                        .setBlock(block)
                        .setScaling(ScalingStrategy.none())
                        .optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED)
                        .optLearningRateTracker((Tracker) FreezingTest::falling)
                        .build()) {
            List<Parameter> parameters = block.getParameters().values();
            Parameter late = parameters.get(0);
            late.freeze(true);
            for (int step = 1; step <= 9; step++) {
                for (int i = 1; i < parameters.size(); i++) {
                    Parameter parameter = parameters.get(i);
                    optimizer.update(
                            parameter.getId(), parameter.getArray(), gradient(parameter, i, step));
                }
            }
            late.freeze(false);
            // First of its step, when nobody else has begun it.
            optimizer.update(late.getId(), late.getArray(), late.getArray().onesLike());

            // 1 − 0.01/10, in single precision near 1.
            for (float value : late.getArray().toFloatArray()) {
                assertThat(value).isCloseTo(0.999f, within(2e-7f));
            }
        }
    }

    /** Behind a rectifier that lets nothing through, all gradients but the last bias's are zero. */
    private static Block dead() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(5).build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(2).optBias(false).build());
    }

    private static void kill(Twins.Side side) {
        NDArray bias = side.parameter("01Linear_bias");
        bias.set(new float[] {-1000, -1000, -1000, -1000, -1000});
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#optimizers")
    void aDeadNetworkIsTrainedOnByFusedAndCompiledSteps(OptimizerCase optimizer) {
        try (Executions executions =
                new Executions(
                        FreezingTest::dead,
                        optimizer::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            executions.each(FreezingTest::kill);
            int[] order = TestData.order(ROWS, 1);
            executions.fused().trainEagerly(data.features(), data.labels(), order);
            executions.epoch().run(data.features(), data.labels(), order);

            for (String path : executions.fused().block().getParameters().keys()) {
                assertThat(
                                Executions.difference(
                                        executions.fused().parameter(path),
                                        executions.whole().parameter(path)))
                        .as(path)
                        .isLessThanOrEqualTo(Executions.TOLERANCE);
            }
        }
    }

    /** A step of zeros counts, and a decay decays. */
    @Test
    void aGradientOfZerosIsAStep() {
        List<Integer> steps = new ArrayList<>();
        Tracker tracker =
                step -> {
                    steps.add(step);
                    return 0.01f;
                };
        Block block = initialized();
        Parameter first = block.getParameters().valueAt(0);
        try (StatefulOptimizer optimizer =
                CaAdam.builder()
                        .setBlock(block)
                        .setScaling(ScalingStrategy.additive())
                        .optDecoupledWeightDecay(0.1f)
                        .optLearningRateTracker(tracker)
                        .build()) {
            steps.clear();
            for (int i = 0; i < 3; i++) {
                optimizer.update(first.getId(), first.getArray(), first.getArray().zerosLike());
            }
        }
        assertThat(steps).containsExactly(1, 2, 3);
        // (1 − 0.01 · 0.1)³, in single precision.
        for (float value : first.getArray().toFloatArray()) {
            assertThat(value).isCloseTo(0.997003f, within(4e-7f));
        }
    }

    @Test
    void aStepWithoutAnyBackwardPassIsRefusedUntilThereIsOne() {
        try (Executions executions =
                new Executions(
                        FreezingTest::network,
                        Kind.CAADAM::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(WIDTH))) {
            for (Twins.Side side : List.of(executions.eager(), executions.fused())) {
                List<double[]> before = Executions.values(side.block());
                for (int i = 0; i < 2; i++) {
                    assertThatIllegalStateException().isThrownBy(() -> side.trainer().step());
                }
                assertThat(Executions.values(side.block())).containsExactlyElementsOf(before);
            }
            executions.train(data, 1).requireSame(Executions.TOLERANCE);
        }
    }
}
