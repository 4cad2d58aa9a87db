// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import io.github.caadam.experiments.component.ComponentSet;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.ScheduleFactory;
import io.github.caadam.training.CosineSchedule;
import io.github.caadam.training.ExponentialSchedule;
import io.github.caadam.training.LearningRateSchedule;
import io.github.caadam.training.OneCycleSchedule;
import java.util.List;

/** The learning-rate schedules of the library. */
public final class Schedules implements ComponentSet {

    /** The name of the schedule that leaves the rate as it is. */
    public static final String CONSTANT = "constant";

    private static final Option<Double> FLOOR =
            Option.number("floor", "the rate at the end, as a share of the first")
                    .within(0, 1)
                    .orElse(0.0);
    private static final Option<Double> FACTOR =
            Option.number("factor", "what the rate is multiplied by").within(0, 1).orElse(0.1);
    private static final Option<Integer> EVERY =
            Option.whole("every", "after how many epochs the rate is multiplied")
                    .atLeast(1)
                    .orElse(30);
    private static final Option<Double> DECAY =
            Option.number("factor", "what an epoch multiplies the rate by")
                    .within(0, 1)
                    .orElse(0.95);
    private static final Option<Double> RISE =
            Option.number("rise", "the share of the steps in which the rate rises")
                    .within(0, 1)
                    .orElse(0.3);
    private static final Option<Double> DIVISOR =
            Option.number("divisor", "the highest rate is so many times the first")
                    .atLeast(1)
                    .orElse(25.0);
    private static final Option<Double> FINAL_DIVISOR =
            Option.number("final-divisor", "the first rate is so many times the last")
                    .atLeast(1)
                    .orElse(10_000.0);

    private static final List<ScheduleFactory> ALL =
            List.of(
                    new SuiteSchedule(
                            CONSTANT,
                            "the learning rate of the optimizer throughout",
                            List.of(),
                            (base, steps, perEpoch, options) ->
                                    LearningRateSchedule.constant(base)),
                    new PlateauSchedule(),
                    new SuiteSchedule(
                            "cosine",
                            "falls on half a cosine until the last epoch that there may be",
                            List.of(FLOOR),
                            (base, steps, perEpoch, options) ->
                                    CosineSchedule.builder()
                                            .setPeak(base)
                                            .setSteps(steps)
                                            .optFloor(base * options.get(FLOOR))
                                            .build()),
                    new SuiteSchedule(
                            "step",
                            "falls by a factor each time that some epochs have passed",
                            List.of(EVERY, FACTOR),
                            (base, steps, perEpoch, options) ->
                                    ExponentialSchedule.builder()
                                            .setPeak(base)
                                            .setFactor(options.get(FACTOR))
                                            .optSteps(options.get(EVERY) * perEpoch)
                                            .optStairs()
                                            .build()),
                    new SuiteSchedule(
                            "exponential",
                            "falls a little with each step",
                            List.of(DECAY),
                            (base, steps, perEpoch, options) ->
                                    ExponentialSchedule.builder()
                                            .setPeak(base)
                                            .setFactor(options.get(DECAY))
                                            .optSteps(perEpoch)
                                            .build()),
                    new SuiteSchedule(
                            "one-cycle",
                            "rises to the learning rate of the optimizer and falls below its start",
                            List.of(RISE, DIVISOR, FINAL_DIVISOR),
                            (base, steps, perEpoch, options) ->
                                    OneCycleSchedule.builder()
                                            .setPeak(base)
                                            .setSteps(steps)
                                            .optRise(options.get(RISE))
                                            .optDivisor(options.get(DIVISOR))
                                            .optFinalDivisor(options.get(FINAL_DIVISOR))
                                            .build()));

    /** Creates the set. */
    public Schedules() {}

    @Override
    public Kind kind() {
        return Kind.SCHEDULE;
    }

    @Override
    public List<ScheduleFactory> members() {
        return ALL;
    }
}
