// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.OptimizerCases;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Every case of {@link OptimizerCases} with some option of all optimizers, and settings of {@link
 * CaAdam} that between them use all options.
 */
final class OptimizerKind {

    static final OptimizerKind CAADAM = new OptimizerKind("CAADAM", block -> caAdam(block).build());

    static final OptimizerKind CAADAM_REFERENCE =
            new OptimizerKind(
                    "CAADAM_REFERENCE",
                    block ->
                            caAdam(block)
                                    .setScaling(ScalingStrategy.multiplicative(5))
                                    .optConvention(StructureConvention.REFERENCE)
                                    .optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED)
                                    .build());

    static final OptimizerKind CAADAM_AMSGRAD =
            new OptimizerKind("CAADAM_AMSGRAD", block -> caAdam(block).optAmsgrad(true).build());

    static final OptimizerKind CAADAM_L2 =
            new OptimizerKind(
                    "CAADAM_L2",
                    block -> caAdam(block).optWeightDecays(0.01f).optClipGrad(0.1f).build());

    static final OptimizerKind CAADAM_DECOUPLED =
            new OptimizerKind(
                    "CAADAM_DECOUPLED",
                    block ->
                            caAdam(block).optDecoupledWeightDecay(0.01f).optClipNorm(0.1f).build());

    static final OptimizerKind CAADAM_AMSGRAD_DECOUPLED =
            new OptimizerKind(
                    "CAADAM_AMSGRAD_DECOUPLED",
                    block ->
                            caAdam(block)
                                    .optAmsgrad(true)
                                    .optDecoupledWeightDecay(0.01f)
                                    .optDecayExclusions("^03")
                                    .setRescaleGrad(0.5f)
                                    .build());

    static final OptimizerKind CAADAM_GRADIENT_AWARE =
            new OptimizerKind(
                    "CAADAM_GRADIENT_AWARE",
                    block ->
                            caAdam(block)
                                    .setScaling(
                                            ScalingStrategy.gradientConcentration(1)
                                                    .times(ScalingStrategy.networkSize()))
                                    .optFactorBounds(0.1, 2)
                                    .optFactorOverride("_bias$", 0.5)
                                    .build());

    static final OptimizerKind ADAMAX =
            new OptimizerKind(
                    "ADAMAX",
                    block ->
                            Adamax.builder()
                                    .optBlock(block)
                                    .optLearningRateTracker(Tracker.fixed(0.01f))
                                    .optDecoupledWeightDecay(0.01f)
                                    .build());

    static final OptimizerKind NADAM =
            new OptimizerKind(
                    "NADAM",
                    block ->
                            Nadam.builder()
                                    .optBlock(block)
                                    .optLearningRateTracker(Tracker.fixed(0.01f))
                                    .optWeightDecays(0.01f)
                                    .build());

    private final String name;
    private final Function<Block, StatefulOptimizer> factory;

    private OptimizerKind(String name, Function<Block, StatefulOptimizer> factory) {
        this.name = name;
        this.factory = factory;
    }

    /** Returns settings that between them use all options. */
    static Stream<OptimizerKind> settings() {
        return Stream.of(
                CAADAM,
                CAADAM_REFERENCE,
                CAADAM_AMSGRAD,
                CAADAM_L2,
                CAADAM_DECOUPLED,
                CAADAM_AMSGRAD_DECOUPLED,
                CAADAM_GRADIENT_AWARE,
                ADAMAX,
                NADAM);
    }

    /** Returns all kinds. */
    static Stream<OptimizerKind> all() {
        return Stream.concat(settings(), OptimizerCases.all().map(OptimizerKind::of));
    }

    private static OptimizerKind of(OptimizerCases.Case one) {
        return new OptimizerKind(
                one.toString(),
                block ->
                        one.create(
                                block,
                                builder ->
                                        builder.optLearningRateTracker(Tracker.fixed(0.01f))
                                                .optDecoupledWeightDecay(0.01f)
                                                .optClipNorm(0.1f)));
    }

    StatefulOptimizer create(Block block) {
        return factory.apply(block);
    }

    @Override
    public String toString() {
        return name;
    }

    private static CaAdam.Builder caAdam(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.additive())
                .optLearningRateTracker(Tracker.fixed(0.01f));
    }
}
