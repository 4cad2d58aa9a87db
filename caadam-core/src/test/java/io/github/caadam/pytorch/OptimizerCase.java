// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.MeanSquareRule;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.ConnectionAwareTracker;
import io.github.caadam.optimizer.EpsilonPlacement;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.optimizer.Prodigy;
import io.github.caadam.optimizer.RuleOptimizer;
import io.github.caadam.optimizer.ScheduleFreeAdamW;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.function.Function;

/** Optimizers with options that between them use all that a program can do. */
public enum OptimizerCase {
    ADAM(block -> adam(block, ScalingStrategy.none()).build()),
    ADAM_BIAS_CORRECTED(
            block ->
                    adam(block, ScalingStrategy.none())
                            .optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED)
                            .optEpsilon(1e-3f)
                            .build()),
    ADAM_LARGE_EPSILON(block -> adam(block, ScalingStrategy.none()).optEpsilon(1e-3f).build()),
    ADAM_FALLING_RATE(
            block ->
                    adam(block, ScalingStrategy.none())
                            .optLearningRateTracker((Tracker) step -> 0.01f / (1 + step / 50))
                            .build()),
    ADAM_L2(block -> adam(block, ScalingStrategy.none()).optWeightDecays(0.01f).build()),
    ADAM_RATE_PER_PARAMETER(
            block ->
                    adam(block, ScalingStrategy.none())
                            .optLearningRateTracker(
                                    ConnectionAwareTracker.builder()
                                            .setBlock(block)
                                            .setScaling(ScalingStrategy.additive())
                                            .optTracker(Tracker.fixed(0.002f))
                                            .build())
                            .build()),
    ADAMW(
            block ->
                    adam(block, ScalingStrategy.none())
                            .optDecoupledWeightDecay(0.01f)
                            .optDecayExclusions()
                            .build()),
    CAADAM_ADDITIVE(block -> adam(block, ScalingStrategy.additive()).build()),
    CAADAM_REFERENCE(
            block ->
                    adam(block, ScalingStrategy.multiplicative(5))
                            .optConvention(StructureConvention.REFERENCE)
                            .build()),
    CAADAM_DECOUPLED(
            block ->
                    adam(block, ScalingStrategy.additive()).optDecoupledWeightDecay(0.01f).build()),
    CAADAM_FROZEN_BY_FACTOR(
            block ->
                    adam(block, ScalingStrategy.additive())
                            .optFactorOverride("^03", 0)
                            .optDecoupledWeightDecay(0.01f)
                            .build()),
    CAADAM_AMSGRAD(
            block ->
                    adam(block, ScalingStrategy.additive())
                            .optAmsgrad(true)
                            .optDecoupledWeightDecay(0.01f)
                            .optDecayExclusions("^03")
                            .build()),
    CAADAM_AMSGRAD_BIAS_CORRECTED(
            block ->
                    adam(block, ScalingStrategy.additive())
                            .optAmsgrad(true)
                            .optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED)
                            .optEpsilon(1e-3f)
                            .optWeightDecays(0.01f)
                            .build()),
    CLIPPED_BY_VALUE(
            block ->
                    adam(block, ScalingStrategy.additive())
                            .optClipGrad(0.01f)
                            .setRescaleGrad(0.5f)
                            .build()),
    CLIPPED_BY_NORM(
            block ->
                    adam(block, ScalingStrategy.additive())
                            .optClipNorm(0.05f)
                            .optWeightDecays(0.01f)
                            .build()),
    ADAMAX(
            block ->
                    Adamax.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.002f))
                            .build()),
    ADAMAX_DECOUPLED(
            block ->
                    Adamax.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.002f))
                            .optDecoupledWeightDecay(0.01f)
                            .optClipNorm(0.05f)
                            .build()),
    ADAMAX_L2(
            block ->
                    Adamax.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.002f))
                            .optWeightDecays(0.01f)
                            .build()),
    NADAM(
            block ->
                    Nadam.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.002f))
                            .build()),
    NADAM_DECOUPLED(
            block ->
                    Nadam.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.002f))
                            .optDecoupledWeightDecay(0.01f)
                            .optClipGrad(0.01f)
                            .build()),
    NADAM_L2(
            block ->
                    Nadam.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.002f))
                            .optWeightDecays(0.01f)
                            .build()),
    CLIPPED_BY_GLOBAL_NORM(
            block ->
                    adam(block, ScalingStrategy.additive())
                            .optGlobalClipNorm(0.1f)
                            .optDecoupledWeightDecay(0.01f)
                            .build()),
    ACCUMULATED_AND_AVERAGED(
            block ->
                    adam(block, ScalingStrategy.additive())
                            .optClipNorm(0.05f)
                            .optDecoupledWeightDecay(0.01f)
                            .optGradientAccumulationSteps(3)
                            .optWeightAverage(0.9f)
                            .build()),
    /** Its estimate grows for some time. With a large ε, as {@link #RULE}. */
    PRODIGY(
            block ->
                    Prodigy.builder()
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.02f))
                            .optD0(0.1f)
                            .optDCoefficient(8)
                            .optEpsilon(0x1p-4f)
                            .optScaling(ScalingStrategy.additive())
                            .optDecoupledWeightDecay(0.01f)
                            .optGlobalClipNorm(0.1f)
                            .build()),
    SCHEDULE_FREE(
            block ->
                    ScheduleFreeAdamW.builder()
                            .optBlock(block)
                            .optLearningRateTracker((Tracker) step -> 0.002f / (1 + step / 50))
                            .optWarmupSteps(7)
                            .optScaling(ScalingStrategy.additive())
                            .optDecoupledWeightDecay(0.01f)
                            .build()),
    /** With a large ε: near a minimum, gradients over their own root mean square are noise. */
    RULE(
            block ->
                    RuleOptimizer.builder()
                            .setRule(new MeanSquareRule(0.9375, 0x1p-6))
                            .optBlock(block)
                            .optLearningRateTracker(Tracker.fixed(0.002f))
                            .optDecoupledWeightDecay(0.01f)
                            .build());

    @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
    private final Function<Block, StatefulOptimizer> factory;

    OptimizerCase(Function<Block, StatefulOptimizer> factory) {
        this.factory = factory;
    }

    /** Creates the optimizer for a block. */
    public StatefulOptimizer create(Block block) {
        return factory.apply(block);
    }

    private static CaAdam.Builder adam(Block block, ScalingStrategy scaling) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(scaling)
                .optLearningRateTracker(Tracker.fixed(0.002f));
    }
}
