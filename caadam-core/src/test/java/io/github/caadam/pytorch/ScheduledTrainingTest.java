// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.CosineSchedule;
import io.github.caadam.training.ExponentialSchedule;
import io.github.caadam.training.JoinedSchedule;
import io.github.caadam.training.LearningRateSchedule;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.OneCycleSchedule;
import io.github.caadam.training.PlateauTracker;
import io.github.caadam.training.WarmRestartsSchedule;
import io.github.caadam.training.WarmUpSchedule;
import io.github.caadam.training.WarmUpStableDecaySchedule;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trainings of 20 steps in 4 epochs under each schedule. */
class ScheduledTrainingTest {

    private static final int ROWS = 74;
    private static final int BATCH = 16;
    private static final int WIDTH = 6;
    private static final int OUTPUTS = 2;
    private static final int EPOCHS = 4;
    private static final int STEPS_PER_EPOCH = 5;

    @TempDir private Path directory;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, ROWS, WIDTH, OUTPUTS);

    /** One schedule of each kind, whose parts all lie within the training. */
    enum Schedule {
        CONSTANT(() -> LearningRateSchedule.constant(0.01)),
        FUNCTION(() -> LearningRateSchedule.of(step -> 0.02 / step)),
        COSINE(Schedule::cosine),
        WARM_UP(() -> WarmUpSchedule.builder().setSteps(4).setNext(cosine()).build()),
        ONE_CYCLE(() -> OneCycleSchedule.builder().setPeak(0.02).setSteps(16).build()),
        STABLE(
                () ->
                        WarmUpStableDecaySchedule.builder()
                                .setPeak(0.01)
                                .setSteps(18)
                                .optWarmUpSteps(4)
                                .setDecaySteps(6)
                                .optDecay(WarmUpStableDecaySchedule.Decay.ONE_MINUS_SQRT)
                                .build()),
        RESTARTS(
                () ->
                        WarmRestartsSchedule.builder()
                                .setPeak(0.01)
                                .setFirstPeriod(3)
                                .optFactor(2)
                                .build()),
        EXPONENTIAL(() -> ExponentialSchedule.builder().setPeak(0.02).setFactor(0.9).build()),
        PIECEWISE_BY_EPOCH(
                () ->
                        JoinedSchedule.builder()
                                .setFirst(0.01)
                                .addAfter(1, 0.003)
                                .addAfter(3, 0.001)
                                .build()
                                .byEpoch(STEPS_PER_EPOCH)),
        JOINED(() -> JoinedSchedule.builder().setFirst(0.01).addAfter(7, cosine()).build()),
        PLATEAU(
                () -> {
                    PlateauTracker tracker =
                            PlateauTracker.builder()
                                    .optSchedule(cosine())
                                    .optFactor(0.5)
                                    .optPatience(1)
                                    .build();
                    tracker.update(1);
                    tracker.update(1);
                    return tracker;
                });

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final Supplier<Tracker> tracker;

        Schedule(Supplier<Tracker> tracker) {
            this.tracker = tracker;
        }

        private static CosineSchedule cosine() {
            return CosineSchedule.builder().setPeak(0.02).setSteps(12).optFloor(0.001).build();
        }
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** The same rates by a plain list, asked for by DJL's own count of steps. */
    @ParameterizedTest
    @EnumSource
    void djlsAdamTrainsWithIt(Schedule schedule) {
        Tracker tracker = schedule.tracker.get();
        float[] rates = new float[21];
        for (int step = 1; step < rates.length; step++) {
            rates[step] = tracker.getNewValue(step);
        }
        List<float[]> expected = trainByDjl(step -> rates[step], 20);
        List<float[]> found = trainByDjl(tracker, 20);

        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).containsExactly(expected.get(i));
        }
        assertThat(found.get(0)).doesNotContain(trainByDjl(tracker, 0).get(0));
    }

    private static List<float[]> trainByDjl(Tracker tracker, int steps) {
        return Networks.train(
                block -> Optimizer.adam().optLearningRateTracker(tracker).build(), steps);
    }

    @ParameterizedTest
    @EnumSource
    void executionsAgree(Schedule schedule) {
        try (Executions executions = executions(schedule)) {
            assertThat(executions.refusal()).isEmpty();
            assertThat(executions.fallbackReason()).isEmpty();
            executions.train(data, EPOCHS).requireSame(Executions.TOLERANCE);
        }
    }

    /** The count of steps is all that a schedule goes on by. */
    @ParameterizedTest
    @EnumSource
    void loadedOptimizerGoesOnExactly(Schedule schedule) throws Exception {
        try (Executions one = executions(schedule);
                Executions other = executions(schedule)) {
            Twins.Side whole = one.eager();
            Twins.Side resumed = other.eager();
            int[] order = TestData.order(ROWS, 0);
            whole.trainEagerly(data.features(), data.labels(), order);
            whole.trainEagerly(data.features(), data.labels(), order);
            Path file = directory.resolve("state.npz");
            whole.optimizer().save(file);
            resumed.optimizer().load(file);
            List<float[]> weights = Networks.values(whole.block());
            for (int i = 0; i < weights.size(); i++) {
                resumed.block().getParameters().valueAt(i).getArray().set(weights.get(i));
            }

            whole.trainEagerly(data.features(), data.labels(), order);
            resumed.trainEagerly(data.features(), data.labels(), order);

            List<float[]> expected = Networks.values(whole.block());
            List<float[]> found = Networks.values(resumed.block());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i)).containsExactly(expected.get(i));
            }
        }
    }

    private static Executions executions(Schedule schedule) {
        Function<Block, StatefulOptimizer> optimizer =
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.additive())
                                .optLearningRateTracker(schedule.tracker.get())
                                .build();
        return new Executions(
                () -> Networks.mlp(8, OUTPUTS),
                optimizer,
                block -> new MeanSquaredError(),
                BATCH,
                new Shape(WIDTH));
    }
}
