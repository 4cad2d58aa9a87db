// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import ai.djl.training.tracker.Tracker;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Schedule;
import io.github.caadam.plugin.ScheduleFactory;
import io.github.caadam.plugin.TrainingContext;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Classes that are DJL's {@link Tracker}. The optimizer's learning rate is filled in as {@code
 * base-value}, and, unless the study gives it, the steps of the whole training as {@code
 * max-updates}.
 */
public final class TrackerClasses implements ClassFamily {

    private static final String BASE = "base";
    private static final String STEPS = "steps";
    private static final String CONTEXT = "context";

    private static final List<Supply> SUPPLIES =
            List.of(
                    new Supply(
                            BASE,
                            Set.of(float.class, double.class),
                            Set.of("base-value", "learning-rate"),
                            false),
                    Supply.named(STEPS, Set.of("max-updates"), int.class, long.class),
                    Supply.ofType(CONTEXT, TrainingContext.class));

    /** Creates the family. */
    public TrackerClasses() {}

    @Override
    public Kind kind() {
        return Kind.SCHEDULE;
    }

    @Override
    public Class<?> type() {
        return Tracker.class;
    }

    @Override
    public Named of(Class<?> found) {
        BuilderOptions<Tracker> builder = BuilderOptions.of(found, Tracker.class, SUPPLIES);
        if (!builder.takes(BASE)) {
            throw new IllegalArgumentException(
                    "The class "
                            + found.getName()
                            + " cannot be a schedule: it takes no base value. Have its builder take"
                            + " the optimizer's learning rate, as setBaseValue(float).");
        }
        return new OfClass(found, builder, builder.options());
    }

    private record OfClass(Class<?> found, BuilderOptions<Tracker> builder, List<Option<?>> options)
            implements ScheduleFactory {

        @Override
        public String name() {
            return found.getName();
        }

        @Override
        public String description() {
            return "the class " + name();
        }

        @Override
        public Options complete(Options given) {
            return builder.complete(given);
        }

        @Override
        public Schedule create(double base, TrainingContext context, Options given) {
            Tracker tracker =
                    builder.build(
                            given,
                            Map.of(
                                    BASE,
                                    base,
                                    STEPS,
                                    Math.multiplyExact(context.epochs(), context.stepsPerEpoch()),
                                    CONTEXT,
                                    context));
            return tracker instanceof Schedule schedule ? schedule : tracker::getNewValue;
        }
    }
}
