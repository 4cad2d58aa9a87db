// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import ai.djl.Device;
import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Classes that extend DJL's {@link Optimizer}. They are given the learning rates of the study's
 * schedule by a {@link ParameterTracker}, the network by a {@link Block} and the seed of the run by
 * an option {@code seed}, where they take them.
 */
public final class OptimizerClasses implements ClassFamily {

    private static final String TRACKER = "tracker";
    private static final String BLOCK = "block";
    private static final String DEVICE = "device";
    private static final String CONTEXT = "context";

    /** The key of the run's seed. */
    static final String SEED = "seed";

    private static final List<Supply> SUPPLIES =
            List.of(
                    new Supply(
                            TRACKER,
                            Set.of(ParameterTracker.class, Tracker.class),
                            Set.of(
                                    "learning-rate-tracker",
                                    "learning-rate",
                                    "learning-rate-schedule",
                                    "tracker"),
                            false),
                    Supply.ofType(BLOCK, Block.class),
                    Supply.ofType(DEVICE, Device.class),
                    Supply.ofType(CONTEXT, TrainingContext.class),
                    Supply.named(SEED, Set.of("seed"), int.class, long.class));

    private static final Option<Double> LEARNING_RATE =
            Option.number(OptimizerFactory.LEARNING_RATE, "the base of the schedule").above(0);

    /** Creates the family. */
    public OptimizerClasses() {}

    @Override
    public Kind kind() {
        return Kind.OPTIMIZER;
    }

    @Override
    public Class<?> type() {
        return Optimizer.class;
    }

    @Override
    public Named of(Class<?> found) {
        return of(found.getName(), found.getSimpleName(), found);
    }

    /** Describes a class that studies call by its simple name in lower case. */
    static OptimizerFactory named(Class<?> found) {
        String title = found.getSimpleName();
        return of(title.toLowerCase(Locale.ROOT), title, found);
    }

    /**
     * Describes a class.
     *
     * @param name what studies call it
     * @param title how tables name it
     * @param found the class
     * @return the component
     */
    static OptimizerFactory of(String name, String title, Class<?> found) {
        BuilderOptions<Optimizer> builder = BuilderOptions.of(found, Optimizer.class, SUPPLIES);
        List<Option<?>> options = new ArrayList<>(builder.options());
        boolean ownRate =
                options.removeIf(one -> one.name().equals(OptimizerFactory.LEARNING_RATE));
        if (builder.takes(TRACKER)) {
            options.add(0, LEARNING_RATE);
        } else if (ownRate) {
            throw new IllegalArgumentException(
                    "The class "
                            + found.getName()
                            + " takes its learning rate as a number, and could follow no schedule."
                            + " Have its builder take DJL's ParameterTracker, as"
                            + " optLearningRateTracker.");
        }
        return new OfClass(name, title, found, builder, List.copyOf(options));
    }

    private record OfClass(
            String name,
            String title,
            Class<?> found,
            BuilderOptions<Optimizer> builder,
            List<Option<?>> options)
            implements OptimizerFactory {

        @Override
        public String description() {
            return "the class " + found.getName();
        }

        @Override
        public Options complete(Options given) {
            return builder.complete(given);
        }

        @Override
        public Optimizer create(TrainingContext context, Options given) {
            return builder.build(
                    given,
                    Map.of(
                            TRACKER,
                            context.learningRate(),
                            BLOCK,
                            context.block(),
                            DEVICE,
                            context.device(),
                            CONTEXT,
                            context,
                            SEED,
                            context.seed()));
        }
    }
}
