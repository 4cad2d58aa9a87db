// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.nn.Block;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.OptimizerCases;
import io.github.caadam.optimizer.ConnectionAwareTracker;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Cases of the table of {@link OptimizerCases}, with a learning rate and options that all
 * optimizers have: each optimizer, and settings that between them use all that a program can do.
 */
public final class OptimizerCase {

    private static final float RATE = 0.002f;
    private static final ScalingStrategy NONE = ScalingStrategy.none();
    private static final ScalingStrategy ADDITIVE = ScalingStrategy.additive();

    public static final OptimizerCase ADAM = of(OptimizerCases.first(LibraryOptimizer.CAADAM));
    public static final OptimizerCase ADAMAX = of(OptimizerCases.first(LibraryOptimizer.ADAMAX));
    public static final OptimizerCase NADAM = of(OptimizerCases.first(LibraryOptimizer.NADAM));

    public static final OptimizerCase CAADAM_ADDITIVE =
            caAdam("CAADAM_ADDITIVE", ADDITIVE, builder -> {});

    public static final OptimizerCase CAADAM_DECOUPLED =
            caAdam(
                    "CAADAM_DECOUPLED",
                    ADDITIVE,
                    builder -> builder.optDecoupledWeightDecay(0.01f).optClipNorm(0.1f));

    public static final OptimizerCase CAADAM_AMSGRAD =
            caAdam(
                    "CAADAM_AMSGRAD",
                    Map.of("amsgrad", true),
                    ADDITIVE,
                    builder ->
                            builder.optDecoupledWeightDecay(0.01f)
                                    .optDecayExclusions("^03")
                                    .setRescaleGrad(0.5f));

    public static final OptimizerCase CAADAM_REFERENCE =
            caAdam(
                    "CAADAM_REFERENCE",
                    ScalingStrategy.multiplicative(5),
                    builder -> builder.optConvention(StructureConvention.REFERENCE));

    public static final OptimizerCase CLIPPED_BY_VALUE =
            caAdam(
                    "CLIPPED_BY_VALUE",
                    ADDITIVE,
                    builder -> builder.optClipGrad(0.01f).setRescaleGrad(0.5f));

    /** Of no setting: its factors are not known before a step, so that it is not planned. */
    public static final OptimizerCase CAADAM_GRADIENT_AWARE =
            caAdam(
                    "CAADAM_GRADIENT_AWARE",
                    ScalingStrategy.gradientConcentration(1).times(ScalingStrategy.networkSize()),
                    builder -> builder.optFactorBounds(0.1, 2).optFactorOverride("_bias$", 0.5));

    private static final List<OptimizerCase> SETTINGS =
            List.of(
                    CAADAM_ADDITIVE,
                    CAADAM_DECOUPLED,
                    CAADAM_AMSGRAD,
                    caAdam(
                            "ADAM_BIAS_CORRECTED",
                            Map.of("epsilonPlacement", "BIAS_CORRECTED", "epsilon", 1e-3),
                            NONE,
                            builder -> {}),
                    caAdam("ADAM_LARGE_EPSILON", Map.of("epsilon", 1e-3), NONE, builder -> {}),
                    caAdam(
                            "ADAM_FALLING_RATE",
                            NONE,
                            builder ->
                                    builder.optLearningRateTracker(
                                            (Tracker) step -> 0.01f / (1 + step / 50))),
                    caAdam("ADAM_L2", NONE, builder -> builder.optWeightDecays(0.01f)),
                    new OptimizerCase(
                            "ADAM_RATE_PER_PARAMETER",
                            OptimizerCases.first(LibraryOptimizer.CAADAM),
                            (builder, block) -> builder.optLearningRateTracker(scaled(block))),
                    caAdam(
                            "ADAMW",
                            NONE,
                            builder -> builder.optDecoupledWeightDecay(0.01f).optDecayExclusions()),
                    CAADAM_REFERENCE,
                    caAdam(
                            "CAADAM_FROZEN_BY_FACTOR",
                            ADDITIVE,
                            builder ->
                                    builder.optFactorOverride("^03", 0)
                                            .optDecoupledWeightDecay(0.01f)),
                    caAdam(
                            "CAADAM_AMSGRAD_BIAS_CORRECTED",
                            Map.of(
                                    "amsgrad",
                                    true,
                                    "epsilonPlacement",
                                    "BIAS_CORRECTED",
                                    "epsilon",
                                    1e-3),
                            ADDITIVE,
                            builder -> builder.optWeightDecays(0.01f)),
                    CLIPPED_BY_VALUE,
                    caAdam(
                            "CLIPPED_BY_NORM",
                            ADDITIVE,
                            builder -> builder.optClipNorm(0.05f).optWeightDecays(0.01f)),
                    caAdam(
                            "CLIPPED_BY_GLOBAL_NORM",
                            ADDITIVE,
                            builder ->
                                    builder.optGlobalClipNorm(0.1f).optDecoupledWeightDecay(0.01f)),
                    caAdam(
                            "ACCUMULATED_AND_AVERAGED",
                            ADDITIVE,
                            builder ->
                                    builder.optClipNorm(0.05f)
                                            .optDecoupledWeightDecay(0.01f)
                                            .optGradientAccumulationSteps(3)
                                            .optWeightAverage(0.9f)),
                    // Its estimate grows for some time.
                    new OptimizerCase(
                            "PRODIGY_THAT_GROWS",
                            new OptimizerCases.Case(
                                    LibraryOptimizer.PRODIGY,
                                    Map.of("d0", 0.1, "dCoefficient", 8, "epsilon", 0x1p-4)),
                            (builder, block) -> {
                                LibraryOptimizer.scale(builder, ADDITIVE);
                                builder.optLearningRateTracker(Tracker.fixed(0.02f))
                                        .optDecoupledWeightDecay(0.01f)
                                        .optGlobalClipNorm(0.1f);
                            }),
                    new OptimizerCase(
                            "SCHEDULE_FREE_WARMED_UP",
                            new OptimizerCases.Case(
                                    LibraryOptimizer.SCHEDULEFREEADAMW, Map.of("warmupSteps", 7)),
                            (builder, block) -> {
                                LibraryOptimizer.scale(builder, ADDITIVE);
                                builder.optLearningRateTracker(
                                                (Tracker) step -> RATE / (1 + step / 50))
                                        .optDecoupledWeightDecay(0.01f);
                            }));

    private final String name;
    private final OptimizerCases.Case rule;
    private final BiConsumer<StatefulOptimizer.Builder<?>, Block> options;

    private OptimizerCase(
            String name,
            OptimizerCases.Case rule,
            BiConsumer<StatefulOptimizer.Builder<?>, Block> options) {
        this.name = name;
        this.rule = rule;
        this.options = options;
    }

    private static OptimizerCase of(OptimizerCases.Case rule) {
        return new OptimizerCase(rule.toString(), rule, (builder, block) -> {});
    }

    private static OptimizerCase caAdam(
            String name, ScalingStrategy scaling, Consumer<StatefulOptimizer.Builder<?>> options) {
        return caAdam(name, Map.of(), scaling, options);
    }

    private static OptimizerCase caAdam(
            String name,
            Map<String, ?> ofRule,
            ScalingStrategy scaling,
            Consumer<StatefulOptimizer.Builder<?>> options) {
        return new OptimizerCase(
                name,
                new OptimizerCases.Case(LibraryOptimizer.CAADAM, ofRule),
                (builder, block) -> {
                    LibraryOptimizer.scale(builder, scaling);
                    options.accept(builder);
                });
    }

    private static ParameterTracker scaled(Block block) {
        return ConnectionAwareTracker.builder()
                .setBlock(block)
                .setScaling(ADDITIVE)
                .optTracker(Tracker.fixed(RATE))
                .build();
    }

    /**
     * Returns each optimizer of the library. RMSprop has a large ε: near a minimum, gradients over
     * their own root mean square are noise.
     */
    public static Stream<OptimizerCase> optimizers() {
        return Stream.of(LibraryOptimizer.values())
                .map(
                        one ->
                                one == LibraryOptimizer.RMSPROP
                                        ? new OptimizerCases.Case(one, Map.of("epsilon", 0x1p-6))
                                        : OptimizerCases.first(one))
                .map(OptimizerCase::of);
    }

    /**
     * Returns settings in which a parameter's step depends on no other parameter and on no rate
     * that changes, and each case of the table with a decay and clipped gradients.
     */
    public static Stream<OptimizerCase> byParameter() {
        return Stream.concat(
                Stream.of(
                        CAADAM_ADDITIVE,
                        CAADAM_DECOUPLED,
                        CAADAM_AMSGRAD,
                        CAADAM_REFERENCE,
                        CAADAM_GRADIENT_AWARE,
                        CLIPPED_BY_VALUE),
                OptimizerCases.all().map(OptimizerCase::decayed));
    }

    private static OptimizerCase decayed(OptimizerCases.Case rule) {
        return new OptimizerCase(
                rule + " decayed",
                rule,
                (builder, block) -> builder.optDecoupledWeightDecay(0.01f).optClipNorm(0.1f));
    }

    /** Returns settings that between them use all options. */
    public static Stream<OptimizerCase> settings() {
        return SETTINGS.stream();
    }

    /** Returns each optimizer, and settings that between them use all options. */
    public static Stream<OptimizerCase> all() {
        return Stream.concat(optimizers(), settings());
    }

    /** Creates the optimizer for a block. */
    public StatefulOptimizer create(Block block) {
        return rule.create(
                block,
                builder -> {
                    builder.optLearningRateTracker(Tracker.fixed(RATE));
                    options.accept(builder, block);
                });
    }

    @Override
    public String toString() {
        return name;
    }
}
