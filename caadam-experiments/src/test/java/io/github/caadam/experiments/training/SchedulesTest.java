// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.Schedule;
import io.github.caadam.plugin.ScheduleFactory;
import io.github.caadam.plugin.TrainingContext;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten epochs of ten steps from a learning rate of 0.1. */
class SchedulesTest {

    private static final double BASE = 0.1;

    private static Schedule schedule(String name, Map<String, Object> options) {
        Component schedule = Suite.CATALOG.named(Kind.SCHEDULE, name, options);
        TrainingContext context =
                new TrainingContext(
                        Suite.block("mlp:4", new Shape(8), 1, 0),
                        Tracker.fixed((float) BASE),
                        10,
                        10,
                        64,
                        0,
                        Device.cpu());
        return schedule.factory(ScheduleFactory.class).create(BASE, context, schedule.options());
    }

    private static void assertRate(Schedule schedule, int step, double rate) {
        assertThat(schedule.getNewValue(step)).isCloseTo((float) rate, within(1e-7f));
    }

    @Test
    void constantRatesStayWhereTheyAre() {
        assertRate(schedule("constant", Map.of()), 1, BASE);
        assertRate(schedule("constant", Map.of()), 100, BASE);
    }

    /** Half a cosine of 100 steps; step 51 is behind 50. */
    @Test
    void cosineFallsToItsFloorOverAllSteps() {
        Schedule schedule = schedule("cosine", Map.of("floor", 0.2));

        assertRate(schedule, 1, BASE);
        assertRate(schedule, 51, BASE * 0.6);
        assertRate(schedule, 101, BASE * 0.2);
    }

    @Test
    void stepsFallAtOnceAndExponentialsLittleByLittle() {
        Schedule stairs = schedule("step", Map.of("every", 3, "factor", 0.5));
        Schedule slope = schedule("exponential", Map.of("factor", 0.5));

        assertRate(stairs, 30, BASE);
        assertRate(stairs, 31, BASE / 2);
        assertRate(stairs, 61, BASE / 4);
        assertRate(slope, 6, BASE * Math.sqrt(0.5));
        assertRate(slope, 11, BASE / 2);
    }

    /** Rises for 30 of 100 steps from a 25th of the peak, and ends at a 250,000th. */
    @Test
    void oneCycleRisesToTheLearningRateAndFalls() {
        Schedule schedule = schedule("one-cycle", Map.of());

        assertRate(schedule, 1, BASE / 25);
        assertThat(schedule.getNewValue(30)).isCloseTo((float) BASE, within(1e-3f));
        assertThat(schedule.getNewValue(100)).isLessThan((float) BASE / 1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"constant", "cosine", "step", "exponential", "plateau"})
    void everyScheduleCanRiseFirst(String name) {
        Schedule schedule = schedule(name, Map.of("warm-up-epochs", 2));

        assertThat(schedule.getNewValue(1)).isZero();
        assertRate(schedule, 11, BASE / 2);
        assertRate(schedule, 21, BASE);
    }

    @Test
    void plateausLowerTheRateUntilTheLowest() {
        Schedule schedule =
                schedule(
                        "plateau",
                        Map.of("patience", 2, "factor", 0.1, "min-learning-rate", 0.005));
        double[] losses = {1, 0.5, 0.5, 0.5, 0.4, 0.4, 0.4, 0.4};
        for (int epoch = 0; epoch < losses.length; epoch++) {
            schedule.afterEpoch(epoch, 1, losses[epoch]);
            assertRate(schedule, 1, epoch < 3 ? BASE : epoch < 6 ? BASE * 0.1 : 0.005);
        }
    }

    /** The lowest rate is a rate, though the tracker multiplies what rises. */
    @Test
    void plateausBehindAWarmUpHaveTheSameLowestRate() {
        Schedule schedule =
                schedule(
                        "plateau",
                        Map.of(
                                "patience",
                                1,
                                "factor",
                                0.01,
                                "min-learning-rate",
                                0.02,
                                "warm-up-epochs",
                                1));
        schedule.afterEpoch(0, 1, 1);
        schedule.afterEpoch(1, 1, 1);

        assertRate(schedule, 50, 0.02);
    }
}
