// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Schedule;
import io.github.caadam.plugin.ScheduleFactory;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.training.LearningRateSchedule;
import io.github.caadam.training.PlateauTracker;
import java.util.List;

/** Lowers the learning rate where what is monitored stops improving, as Keras' callback does. */
public final class PlateauSchedule implements ScheduleFactory {

    /** The name that studies use. */
    public static final String NAME = "plateau";

    private static final Option<Integer> PATIENCE =
            Option.whole("patience", "epochs without improvement until the rate falls")
                    .atLeast(1)
                    .orElse(10);
    private static final Option<Double> FACTOR =
            Option.number("factor", "what the rate is multiplied by").within(0, 1).orElse(0.1);
    private static final Option<Double> MIN_LEARNING_RATE =
            Option.number("min-learning-rate", "the lowest rate").atLeast(0).orElse(0.0);
    private static final Option<Double> MIN_DELTA =
            Option.number("min-delta", "by how much a value must be better to be an improvement")
                    .atLeast(0)
                    .orElse(1e-4);
    private static final Option<Integer> COOLDOWN =
            Option.whole("cooldown", "epochs after a fall that do not count")
                    .atLeast(0)
                    .orElse(0)
                    .addedLater();

    /** Creates the schedule. */
    public PlateauSchedule() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "falls where what the protocol monitors improves no more; the defaults are Keras'";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(
                PATIENCE, FACTOR, MIN_LEARNING_RATE, MIN_DELTA, COOLDOWN, SuiteSchedule.WARM_UP);
    }

    @Override
    public Schedule create(double base, TrainingContext context, Options options) {
        PlateauTracker.Builder builder =
                PlateauTracker.builder()
                        .optFactor(options.get(FACTOR))
                        .optPatience(options.get(PATIENCE))
                        .optMinDelta(options.get(MIN_DELTA))
                        .optCooldown(options.get(COOLDOWN));
        int warmUp = options.get(SuiteSchedule.WARM_UP) * context.stepsPerEpoch();
        double least = options.get(MIN_LEARNING_RATE);
        if (warmUp == 0) {
            return new Plateau(builder.setBaseValue((float) base).optMinValue(least).build());
        }
        LearningRateSchedule risen =
                SuiteSchedule.warmedUp(LearningRateSchedule.constant(base), warmUp);
        return new Plateau(builder.optSchedule(risen).optMinValue(least / base).build());
    }

    /** Tells the tracker of the epochs. */
    private record Plateau(PlateauTracker tracker) implements Schedule {

        @Override
        public float getNewValue(int numUpdate) {
            return tracker.getNewValue(numUpdate);
        }

        @Override
        public void afterEpoch(int epoch, double loss, double monitored) {
            tracker.update(monitored);
        }
    }
}
