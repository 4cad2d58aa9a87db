// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Schedule;
import io.github.caadam.plugin.ScheduleFactory;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.training.LearningRateSchedule;
import io.github.caadam.training.WarmUpSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * A schedule of the library that depends on the step alone.
 *
 * @param name the name
 * @param description what it is
 * @param own its options, the warm-up aside
 * @param maker makes it behind the warm-up
 */
record SuiteSchedule(String name, String description, List<Option<?>> own, Maker maker)
        implements ScheduleFactory {

    /** How long the rate rises from 0 before the schedule begins. */
    static final Option<Integer> WARM_UP =
            Option.whole("warm-up-epochs", "epochs in which the rate first rises from 0 on a line")
                    .atLeast(0)
                    .orElse(0)
                    .addedLater();

    /** Makes a schedule. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes the schedule.
         *
         * @param base the learning rate of the optimizer
         * @param steps how many steps are left to it, 1 or more
         * @param stepsPerEpoch the steps of an epoch
         * @param options its options
         */
        LearningRateSchedule make(double base, int steps, int stepsPerEpoch, Options options);
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> all = new ArrayList<>(own);
        all.add(WARM_UP);
        return all;
    }

    @Override
    public Schedule create(double base, TrainingContext context, Options options) {
        int steps = Math.multiplyExact(context.epochs(), context.stepsPerEpoch());
        int warmUp = Math.multiplyExact(options.get(WARM_UP), context.stepsPerEpoch());
        LearningRateSchedule behind =
                maker.make(base, Math.max(1, steps - warmUp), context.stepsPerEpoch(), options);
        return warmedUp(behind, warmUp)::getNewValue;
    }

    /** Returns a schedule behind a warm-up of so many steps. */
    static LearningRateSchedule warmedUp(LearningRateSchedule schedule, int steps) {
        return steps == 0
                ? schedule
                : WarmUpSchedule.builder().setSteps(steps).setNext(schedule).build();
    }
}
