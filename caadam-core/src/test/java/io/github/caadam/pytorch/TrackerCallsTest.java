// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.ConnectionAwareTracker;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.MeanSquaredError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A tracker may have a memory: it is asked once for each parameter and step, steps in order. */
class TrackerCallsTest {

    private static final int ROWS = 70;
    private static final int BATCH = 16;
    private static final int STEPS_AN_EPOCH = 5;
    private static final int WIDTH = 3;
    private static final int PARAMETERS = 4;

    /** See {@link Executions#TOLERANCE}; but steps are larger here, up to 0.02. */
    private static final double TOLERANCE = 2e-5;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, 2);

    private static Block network() {
        return Networks.mlp(5, 2);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** DJL's trackers of this kind divide their own rate when they are asked for a later step. */
    private enum Schedule {
        MULTI_FACTOR {
            @Override
            Tracker tracker() {
                return Tracker.multiFactor()
                        .setBaseValue(0.02f)
                        .setSteps(new int[] {3, 6, 12})
                        .optFactor(0.5f)
                        .build();
            }
        },
        WARM_UP {
            @Override
            Tracker tracker() {
                return Tracker.warmUp()
                        .setMainTracker(MULTI_FACTOR.tracker())
                        .optWarmUpSteps(4)
                        .optWarmUpBeginValue(0.001f)
                        .build();
            }
        },
        FALLING_BY_CALL {
            @Override
            Tracker tracker() {
                AtomicInteger calls = new AtomicInteger();
                return step -> 0.02f / (1 + calls.getAndIncrement() / PARAMETERS);
            }
        };

        abstract Tracker tracker();
    }

    @ParameterizedTest
    @EnumSource
    void schedulesWithAMemoryGiveTheSameWeights(Schedule schedule) {
        try (Executions executions =
                executions(
                        block -> caAdam(block, ScalingStrategy.additive(), schedule.tracker()))) {
            executions.train(data, 4).requireSame(TOLERANCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void schedulesWithAMemoryGiveTheSameWeightsUnderAConnectionAwareTracker(Schedule schedule) {
        try (Executions executions =
                executions(
                        block ->
                                Nadam.builder()
                                        .optBlock(block)
                                        .optLearningRateTracker(
                                                ConnectionAwareTracker.builder()
                                                        .setBlock(block)
                                                        .setScaling(ScalingStrategy.additive())
                                                        .optTracker(schedule.tracker())
                                                        .build())
                                        .build())) {
            executions.train(data, 4).requireSame(TOLERANCE);
        }
    }

    /** Each optimizer, under a tracker. */
    private enum Kind {
        CAADAM((block, tracker) -> caAdam(block, ScalingStrategy.additive(), tracker)),
        /** Steps of which are made parameter by parameter, by a fused trainer, too. */
        GRADIENT_AWARE(
                (block, tracker) ->
                        caAdam(block, ScalingStrategy.gradientConcentration(1), tracker)),
        ADAMAX(
                (block, tracker) ->
                        Adamax.builder().optBlock(block).optLearningRateTracker(tracker).build()),
        NADAM(
                (block, tracker) ->
                        Nadam.builder().optBlock(block).optLearningRateTracker(tracker).build());

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final Factory factory;

        Kind(Factory factory) {
            this.factory = factory;
        }

        StatefulOptimizer create(Block block, ParameterTracker tracker) {
            return factory.create(block, tracker);
        }

        private interface Factory {
            StatefulOptimizer create(Block block, ParameterTracker tracker);
        }
    }

    private static CaAdam caAdam(Block block, ScalingStrategy scaling, ParameterTracker tracker) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(scaling)
                .optLearningRateTracker(tracker)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void eachParameterIsAskedForOnceAStep(Kind kind) {
        List<Recording> trackers = new ArrayList<>();
        try (Executions executions = executions(recorded(kind, trackers))) {
            executions.train(data, 3);

            requireOnce(trackers.get(0), "eager", 3 * STEPS_AN_EPOCH);
            requireOnce(trackers.get(1), "fused", 3 * STEPS_AN_EPOCH);
            if (executions.epoch() != null) {
                requireOnce(trackers.get(2), "compiled", 3 * STEPS_AN_EPOCH);
            }
            assertThat(executions.refusal().isPresent()).isEqualTo(kind == Kind.GRADIENT_AWARE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsAskedBeforeTheFirstStep(Kind kind) {
        List<Recording> trackers = new ArrayList<>();
        try (Executions executions = executions(recorded(kind, trackers))) {
            if (executions.epoch() != null) {
                executions.epoch().evaluate(data.features(), data.labels());
                executions.epoch().source();
            }

            assertThat(trackers).allSatisfy(tracker -> assertThat(tracker.steps).isEmpty());
        }
    }

    /** Where both executions come by turns, the schedule goes on. */
    @Test
    void turnsOfExecutionsAreOneSchedule() {
        List<Recording> trackers = new ArrayList<>();
        try (Executions executions = executions(recorded(Kind.CAADAM, trackers))) {
            int[] order = TestData.order(ROWS, 1);
            for (int i = 0; i < 2; i++) {
                executions.whole().trainEagerly(data.features(), data.labels(), order);
                executions.epoch().run(data.features(), data.labels(), order);
            }
            requireOnce(trackers.get(2), "eager and compiled", 4 * STEPS_AN_EPOCH);

            executions.fused().trainEagerly(data.features(), data.labels(), order);
            try (Trainer other = executions.fused().model().newTrainer(config(executions))) {
                other.initialize(new Shape(BATCH, WIDTH));
                for (int i = 0; i < 3; i++) {
                    backward(executions, other);
                    other.step();
                }
            }
            executions.fused().trainEagerly(data.features(), data.labels(), order);
            requireOnce(trackers.get(1), "fused and eager", 2 * STEPS_AN_EPOCH + 3);
        }
    }

    private static TrainingConfig config(Executions executions) {
        return new DefaultTrainingConfig(new MeanSquaredError())
                .optOptimizer(executions.fused().optimizer())
                .optDevices(new Device[] {Device.cpu()});
    }

    private void backward(Executions executions, Trainer trainer) {
        try (NDManager scratch = executions.fused().manager().newSubManager();
                GradientCollector collector = trainer.newGradientCollector()) {
            NDList x = new NDList(data.features().duplicate());
            x.attach(scratch);
            collector.backward(
                    trainer.getLoss().evaluate(new NDList(data.labels()), trainer.forward(x)));
        }
    }

    @Test
    void refusedDataAsksForNothing() {
        List<Recording> trackers = new ArrayList<>();
        try (Executions executions = executions(recorded(Kind.CAADAM, trackers))) {
            executions.train(data, 1);
            trackers.get(2).steps.clear();
            for (int[] order : List.of(new int[0], new int[] {ROWS}, new int[] {0, -1})) {
                assertThatThrownBy(
                                () -> executions.epoch().run(data.features(), data.labels(), order))
                        .isInstanceOf(IllegalArgumentException.class);
            }

            assertThat(trackers.get(2).steps).isEmpty();
        }
    }

    /** One that changes what belongs together asks no more often. */
    @Test
    void ratesThatPartAskNoMoreOften() {
        List<Recording> trackers = new ArrayList<>();
        Function<Block, StatefulOptimizer> optimizer =
                block -> {
                    Recording tracker =
                            new Recording(
                                    (id, step) ->
                                            step % 3 == 0 && id.hashCode() % 2 == 0
                                                    ? 0.001f
                                                    : 0.002f);
                    trackers.add(tracker);
                    return caAdam(block, ScalingStrategy.none(), tracker);
                };
        try (Executions executions = executions(optimizer)) {
            executions.train(data, 3);

            requireOnce(trackers.get(0), "eager", 3 * STEPS_AN_EPOCH);
            requireOnce(trackers.get(1), "fused", 3 * STEPS_AN_EPOCH);
            requireOnce(trackers.get(2), "compiled", 3 * STEPS_AN_EPOCH);
        }
    }

    /** Even one that gives what is no rate is asked when its step is made, not before. */
    @ParameterizedTest
    @EnumSource
    void aTrackerIsNotAskedWhenAnOptimizerIsBuilt(Kind kind) {
        AtomicInteger calls = new AtomicInteger();
        Tracker counting =
                step -> {
                    calls.incrementAndGet();
                    return 0.01f;
                };
        Block block = network();
        kind.create(block, counting).close();
        ConnectionAwareTracker.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.additive())
                .optTracker(counting)
                .build();

        assertThat(calls).hasValue(0);
    }

    private static Function<Block, StatefulOptimizer> recorded(
            Kind kind, List<Recording> trackers) {
        return block -> {
            Recording tracker = new Recording((id, step) -> 0.01f / step);
            trackers.add(tracker);
            return kind.create(block, tracker);
        };
    }

    private static void requireOnce(Recording tracker, String execution, int steps) {
        assertThat(tracker.steps)
                .as("%s: the steps asked for, in order", execution)
                .containsExactlyElementsOf(
                        IntStream.range(0, steps * PARAMETERS)
                                .mapToObj(i -> i / PARAMETERS + 1)
                                .toList());
        assertThat(tracker.questions)
                .as("%s: parameters and steps", execution)
                .doesNotHaveDuplicates();
    }

    private Executions executions(Function<Block, StatefulOptimizer> optimizer) {
        return new Executions(
                TrackerCallsTest::network,
                optimizer,
                block -> new MeanSquaredError(),
                BATCH,
                new Shape(WIDTH));
    }

    /** Keeps what it was asked. */
    private static final class Recording implements ParameterTracker {

        private final ParameterTracker tracker;
        private final List<Integer> steps = new ArrayList<>();
        private final List<String> questions = new ArrayList<>();

        Recording(ParameterTracker tracker) {
            this.tracker = tracker;
        }

        @Override
        public float getNewValue(String parameterId, int step) {
            steps.add(step);
            questions.add(parameterId + " at " + step);
            return tracker.getNewValue(parameterId, step);
        }
    }
}
