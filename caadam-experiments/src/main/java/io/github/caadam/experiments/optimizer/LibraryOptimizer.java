// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.optimizer;

import ai.djl.nn.Block;
import io.github.caadam.experiments.control.NamedScaling;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.structure.StructureConvention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An optimizer of the library. What every study of before had is part of its identity; the options
 * that came later are only where they are given.
 */
public abstract class LibraryOptimizer implements OptimizerFactory {

    /** The initial learning rate. */
    public static final Option<Double> LEARNING_RATE =
            Option.number(OptimizerFactory.LEARNING_RATE, "the base of the schedule")
                    .above(0)
                    .orElse(1e-3);

    /** {@link StatefulOptimizer.Builder#optConvention}. */
    public static final Option<StructureConvention> CONVENTION =
            Option.choice(
                    "convention",
                    "how connections and depth are counted",
                    StructureConvention.class);

    /** A scaling strategy by name. */
    public static final Option<Map<String, Object>> SCALING =
            Option.component(
                    "scaling",
                    "the factors on the learning rate by parameter: "
                            + String.join(", ", Scaling.names()));

    private static final Option<Double> L2 =
            Option.number("weight-decays", "L2: λθ is added to each gradient")
                    .atLeast(0)
                    .orElse(0.0)
                    .addedLater();
    private static final Option<Double> CLIP_GRAD =
            Option.number("clip-grad", "each value of a gradient is clipped to ± this")
                    .above(0)
                    .optional();
    private static final Option<Double> CLIP_NORM =
            Option.number("clip-norm", "the largest norm of a parameter's gradient")
                    .above(0)
                    .optional();
    private static final Option<Double> GLOBAL_CLIP_NORM =
            Option.number("global-clip-norm", "the largest norm of all gradients together")
                    .above(0)
                    .optional();
    private static final Option<Double> RESCALE_GRAD =
            Option.number("rescale-grad", "what each gradient is multiplied by")
                    .above(0)
                    .orElse(1.0)
                    .addedLater();
    private static final Option<Integer> ACCUMULATION =
            Option.whole("gradient-accumulation-steps", "batches of a step")
                    .atLeast(1)
                    .orElse(1)
                    .addedLater();
    private static final Option<Integer> BEGIN =
            Option.whole("begin-num-update", "how many steps count as made before the first")
                    .atLeast(0)
                    .orElse(0)
                    .addedLater();
    private static final Option<Double> AVERAGE =
            Option.number(
                            "weight-average",
                            "the decay of an average of the weights, which is tested")
                    .within(0, 1)
                    .optional();
    private static final Option<List<String>> DECAY_EXCLUSIONS =
            Option.texts(
                            "decay-exclusions",
                            "regular expressions of the paths of parameters that do not decay")
                    .optional();
    private static final Option<List<Double>> FACTOR_BOUNDS =
            Option.numbers("factor-bounds", "the least and the largest factor")
                    .atLeast(0)
                    .optional();
    private static final Option<Map<String, String>> FACTOR_OVERRIDES =
            Option.textMap(
                            "factor-overrides",
                            "factors, in quotes, by regular expressions of parameters' paths")
                    .optional();

    private final Option<Double> weightDecay;

    /**
     * Creates a factory.
     *
     * @param weightDecay the default of the decoupled weight decay, 0 or more
     */
    protected LibraryOptimizer(double weightDecay) {
        this.weightDecay =
                Option.number("weight-decay", "the decoupled weight decay")
                        .atLeast(0)
                        .orElse(weightDecay);
    }

    /**
     * Describes a decay.
     *
     * @param name such as {@code beta1}
     * @param description what it is
     * @param value the default
     * @return the option
     */
    protected static Option<Double> beta(String name, String description, double value) {
        return Option.number(name, description).within(0, 1).orElse(value).addedLater();
    }

    /**
     * Returns the options that all these optimizers have, with others between and a scaling.
     *
     * @param behind what is printed behind the learning rate
     * @return the options
     */
    protected final List<Option<?>> options(Option<?>... behind) {
        return options(List.of(SCALING.optional()), behind);
    }

    /**
     * Returns the options that all these optimizers have but for the scaling, with others between.
     *
     * @param first what is printed in front of the learning rate
     * @param behind what is printed behind it
     * @return the options
     */
    protected final List<Option<?>> options(List<Option<?>> first, Option<?>... behind) {
        List<Option<?>> all = new ArrayList<>(first);
        all.add(LEARNING_RATE);
        all.addAll(Arrays.asList(behind));
        all.add(weightDecay);
        all.addAll(
                List.of(
                        L2,
                        CLIP_GRAD,
                        CLIP_NORM,
                        GLOBAL_CLIP_NORM,
                        RESCALE_GRAD,
                        ACCUMULATION,
                        BEGIN,
                        AVERAGE,
                        DECAY_EXCLUSIONS,
                        FACTOR_BOUNDS,
                        FACTOR_OVERRIDES));
        return List.copyOf(all);
    }

    /** Checks what goes together, and the strategy by building it once. */
    @Override
    public Options complete(Options options) {
        if (options.get(L2) != 0 && options.get(weightDecay) != 0) {
            throw new IllegalArgumentException(
                    "\"weight-decays\" (L2 in the gradient) and \"weight-decay\" (decoupled) do not"
                            + " go together; set one of them to 0.");
        }
        options.find(FACTOR_BOUNDS)
                .filter(bounds -> bounds.size() != 2)
                .ifPresent(
                        bounds -> {
                            throw new IllegalArgumentException(
                                    "\"factor-bounds\" must be two numbers, found " + bounds + ".");
                        });
        options.find(FACTOR_OVERRIDES).ifPresent(all -> all.values().forEach(this::factor));
        options.find(SCALING)
                .map(NamedScaling::of)
                .ifPresent(
                        scaling -> {
                            scaling.strategy(0);
                            requireRate(scaling.scaling(), options);
                        });
        return options;
    }

    /**
     * Refuses the default rate of other strategies where rates follow weights, as steps would be a
     * thousand times too short.
     *
     * @param scaling the strategy
     * @param options the options
     * @throws IllegalArgumentException if the rate is that default
     */
    protected static void requireRate(Scaling scaling, Options options) {
        if (scaling.isRelative()
                && LEARNING_RATE.defaultValue().equals(options.find(LEARNING_RATE))) {
            throw new IllegalArgumentException(
                    "With the scaling "
                            + scaling.label()
                            + " a \"learning-rate\" is relative to the strategy's number times the"
                            + " size of the weights: write learning-rate: 1.");
        }
    }

    private double factor(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "A factor of \"factor-overrides\" must be a number, found \"" + text + "\".",
                    e);
        }
    }

    /**
     * Gives a builder the options that all these optimizers have.
     *
     * @param builder the builder
     * @param context what is trained
     * @param options the options
     * @param <B> the builder's type
     * @return the builder
     */
    protected final <B extends StatefulOptimizer.Builder<B>> B configured(
            B builder, TrainingContext context, Options options) {
        double decay = options.get(weightDecay);
        builder.optLearningRateTracker(context.learningRate())
                .optDecoupledWeightDecay((float) decay)
                .optWeightDecays(options.get(L2).floatValue());
        builder.setRescaleGrad(options.get(RESCALE_GRAD).floatValue());
        builder.optBeginNumUpdate(options.get(BEGIN));
        builder.optGradientAccumulationSteps(options.get(ACCUMULATION));
        options.find(CLIP_GRAD).ifPresent(clip -> builder.optClipGrad(clip.floatValue()));
        options.find(CLIP_NORM).ifPresent(clip -> builder.optClipNorm(clip.floatValue()));
        options.find(GLOBAL_CLIP_NORM)
                .ifPresent(clip -> builder.optGlobalClipNorm(clip.floatValue()));
        options.find(AVERAGE).ifPresent(average -> builder.optWeightAverage(average.floatValue()));
        options.find(FACTOR_BOUNDS)
                .ifPresent(bounds -> builder.optFactorBounds(bounds.get(0), bounds.get(1)));
        options.find(FACTOR_OVERRIDES)
                .ifPresent(
                        all ->
                                all.forEach(
                                        (path, factor) ->
                                                builder.optFactorOverride(path, factor(factor))));
        if (decay != 0) {
            builder.optDecayExclusions(
                    options.find(DECAY_EXCLUSIONS).orElse(List.of()).toArray(String[]::new));
        }
        return builder;
    }

    /**
     * Gives a builder that can do without scaling the network, and its scaling if there is one.
     *
     * @param builder the builder
     * @param context what is trained
     * @param options the options, with {@link #SCALING}
     * @param <B> the builder's type
     * @return the builder
     */
    protected final <B extends StatefulOptimizer.ScalableBuilder<B>> B scaled(
            B builder, TrainingContext context, Options options) {
        Block block = context.block();
        builder.optBlock(block);
        options.find(SCALING)
                .map(NamedScaling::of)
                .ifPresent(
                        scaling ->
                                builder.optScaling(scaling.strategy(context.seed()))
                                        .optConvention(scaling.convention()));
        return configured(builder, context, options);
    }

    @Override
    public int batchesPerStep(Options options) {
        return options.get(ACCUMULATION);
    }

    /** Prints {@code decay} for short. */
    @Override
    public String print(String option, Object value) {
        return option.equals(weightDecay.name())
                ? "decay=" + value
                : OptimizerFactory.super.print(option, value);
    }
}
