// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.function.Function;

/** Every optimizer of the library, with options that between them use all of its code. */
enum OptimizerKind {
    CAADAM(block -> caAdam(block).build()),
    CAADAM_REFERENCE(
            block ->
                    caAdam(block)
                            .setScaling(ScalingStrategy.multiplicative(5))
                            .optConvention(StructureConvention.REFERENCE)
                            .optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED)
                            .build()),
    CAADAM_AMSGRAD(block -> caAdam(block).optAmsgrad(true).build()),
    CAADAM_L2(block -> caAdam(block).optWeightDecays(0.01f).optClipGrad(0.1f).build()),
    CAADAM_DECOUPLED(
            block -> caAdam(block).optDecoupledWeightDecay(0.01f).optClipNorm(0.1f).build()),
    CAADAM_AMSGRAD_DECOUPLED(
            block ->
                    caAdam(block)
                            .optAmsgrad(true)
                            .optDecoupledWeightDecay(0.01f)
                            .optDecayExclusions("^03")
                            .setRescaleGrad(0.5f)
                            .build()),
    CAADAM_GRADIENT_AWARE(
            block ->
                    caAdam(block)
                            .setScaling(
                                    ScalingStrategy.gradientConcentration(1)
                                            .times(ScalingStrategy.networkSize()))
                            .optFactorBounds(0.1, 2)
                            .optFactorOverride("_bias$", 0.5)
                            .build()),
    ADAMAX(
            block ->
                    Adamax.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.01f))
                            .optDecoupledWeightDecay(0.01f)
                            .build()),
    NADAM(
            block ->
                    Nadam.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.01f))
                            .optWeightDecays(0.01f)
                            .build()),
    RULE(
            block ->
                    LibraryOptimizer.RULE.create(
                            block,
                            builder ->
                                    builder.optLearningRateTracker(Tracker.fixed(0.01f))
                                            .optDecoupledWeightDecay(0.01f)
                                            .optClipNorm(0.1f)));

    @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
    private final Function<Block, StatefulOptimizer> factory;

    OptimizerKind(Function<Block, StatefulOptimizer> factory) {
        this.factory = factory;
    }

    StatefulOptimizer create(Block block) {
        return factory.apply(block);
    }

    private static CaAdam.Builder caAdam(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.additive())
                .optLearningRateTracker(Tracker.fixed(0.01f));
    }
}
