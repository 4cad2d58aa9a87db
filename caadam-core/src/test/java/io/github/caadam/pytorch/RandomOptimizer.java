// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.nn.Block;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.OptimizerCases;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.ConnectionAwareTracker;
import io.github.caadam.optimizer.EpsilonPlacement;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * An optimizer drawn by chance, with a learning-rate tracker that writes down who asks it. Learning
 * rates are small, because a difference of a gradient by rounding moves a weight by a part of the
 * rate.
 */
final class RandomOptimizer {

    private static final float RATE = 0.002f;

    /** All but CaAdam, whose options are drawn here. */
    private static final List<OptimizerCases.Case> OTHERS =
            OptimizerCases.all().filter(one -> one.optimizer() != LibraryOptimizer.CAADAM).toList();

    private final StatefulOptimizer optimizer;
    private final Recorder recorder;
    private final boolean gradientAware;
    private int batchesOfStep = 1;

    private RandomOptimizer(Random random, Block block) {
        recorder = tracker(random, block);
        int kind = random.nextInt(10);
        gradientAware = kind == 0;
        if (kind < 7) {
            optimizer = caAdam(random, block);
        } else {
            OptimizerCases.Case one = OTHERS.get(random.nextInt(OTHERS.size()));
            optimizer =
                    one.create(
                            block,
                            builder -> {
                                if (random.nextBoolean()) {
                                    LibraryOptimizer.scale(builder, scaling(random));
                                }
                                options(random, builder);
                            });
        }
    }

    /** Draws an optimizer, the same from the same state of a generator. */
    static RandomOptimizer draw(Random random, Block block) {
        return new RandomOptimizer(random, block);
    }

    StatefulOptimizer optimizer() {
        return optimizer;
    }

    Recorder recorder() {
        return recorder;
    }

    /** Whether steps depend on gradients, so that neither a fused nor a compiled one can be. */
    boolean isGradientAware() {
        return gradientAware;
    }

    /** How many batches make a step. */
    int batchesOfStep() {
        return batchesOfStep;
    }

    private static Recorder tracker(Random random, Block block) {
        int kind = random.nextInt(6);
        return switch (kind) {
            case 0 -> new Recorder("fixed", Tracker.fixed(RATE));
            case 1 -> new Recorder("falling", (Tracker) step -> RATE / (1 + (step - 1) / 3));
            case 2 -> new Recorder("MultiFactorTracker", multiFactor());
            case 3 ->
                    new Recorder(
                            "WarmUpTracker over MultiFactorTracker",
                            Tracker.warmUp()
                                    .setMainTracker(multiFactor())
                                    .optWarmUpSteps(4)
                                    .optWarmUpBeginValue(RATE / 10)
                                    .build());
            case 4 ->
                    new Recorder(
                            "CosineTracker",
                            Tracker.cosine()
                                    .setBaseValue(RATE)
                                    .optFinalValue(RATE / 10)
                                    .setMaxUpdates(15)
                                    .build());
            default ->
                    new Recorder(
                            "ConnectionAwareTracker",
                            ConnectionAwareTracker.builder()
                                    .setBlock(block)
                                    .setScaling(ScalingStrategy.depth())
                                    .optTracker((Tracker) step -> RATE / (1 + (step - 1) / 4))
                                    .build());
        };
    }

    private static Tracker multiFactor() {
        return Tracker.multiFactor()
                .setBaseValue(RATE)
                .setSteps(new int[] {3, 7, 12})
                .optFactor(0.5f)
                .build();
    }

    private StatefulOptimizer caAdam(Random random, Block block) {
        CaAdam.Builder builder =
                CaAdam.builder()
                        .setBlock(block)
                        .setScaling(scaling(random))
                        .optConvention(
                                random.nextBoolean()
                                        ? StructureConvention.PAPER
                                        : StructureConvention.REFERENCE)
                        .optAmsgrad(random.nextInt(3) == 0)
                        .optEpsilonPlacement(
                                random.nextBoolean()
                                        ? EpsilonPlacement.UNCORRECTED
                                        : EpsilonPlacement.BIAS_CORRECTED);
        if (random.nextInt(4) == 0) {
            builder.optFactorBounds(0.3, 1.5);
        }
        if (random.nextInt(4) == 0) {
            builder.optFactorOverride("^01", 0.5);
        }
        if (random.nextInt(3) == 0) {
            builder.optBeta1(0.8f).optBeta2(0.99f);
        }
        switch (random.nextInt(4)) {
            case 0 -> builder.optEpsilon(1e-4f);
            case 1 -> builder.optEpsilon(1e-6f);
            default -> {}
        }
        options(random, builder);
        return builder.build();
    }

    private ScalingStrategy scaling(Random random) {
        int kind = random.nextInt(8);
        if (gradientAware) {
            return ScalingStrategy.gradientConcentration(0.5);
        }
        return switch (kind) {
            case 0 -> ScalingStrategy.none();
            case 1 -> ScalingStrategy.additive();
            case 2 -> ScalingStrategy.multiplicative();
            case 3 -> ScalingStrategy.multiplicativeSigned(0.5);
            case 4 -> ScalingStrategy.depth();
            case 5 -> ScalingStrategy.fanIn(0.5);
            case 6 -> ScalingStrategy.networkSize(100);
            default -> ScalingStrategy.additive().times(ScalingStrategy.depth());
        };
    }

    private void options(Random random, StatefulOptimizer.Builder<?> builder) {
        builder.optLearningRateTracker(recorder);
        switch (random.nextInt(6)) {
            case 0 -> builder.optWeightDecays(0.01f);
            case 1 -> builder.optDecoupledWeightDecay(0.05f);
            case 2 -> builder.optDecoupledWeightDecay(0.05f).optDecayExclusions();
            case 3 -> builder.optDecoupledWeightDecay(0.05f).optDecayExclusions("^01", "_beta$");
            default -> {}
        }
        switch (random.nextInt(5)) {
            case 0 -> builder.optClipGrad(0.02f);
            case 1 -> builder.optClipNorm(0.05f);
            case 2 -> builder.optGlobalClipNorm(0.1f);
            default -> {}
        }
        if (random.nextInt(4) == 0) {
            builder.setRescaleGrad(0.5f);
        }
        if (random.nextInt(4) == 0) {
            batchesOfStep = 2 + random.nextInt(3);
            builder.optGradientAccumulationSteps(batchesOfStep);
        }
        if (random.nextInt(4) == 0) {
            builder.optWeightAverage(random.nextBoolean() ? 0.5f : 0.9f);
        }
    }

    /** Passes on what a tracker says, and keeps what it was asked. */
    static final class Recorder implements ParameterTracker {

        private final String name;
        private final ParameterTracker tracker;
        private final List<Question> questions = Collections.synchronizedList(new ArrayList<>());

        Recorder(String name, ParameterTracker tracker) {
            this.name = name;
            this.tracker = tracker;
        }

        @Override
        public float getNewValue(String parameterId, int step) {
            questions.add(new Question(parameterId, step));
            return tracker.getNewValue(parameterId, step);
        }

        /** Returns what was asked so far, in order. */
        List<Question> questions() {
            return List.copyOf(questions);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A question to a tracker.
     *
     * @param parameterId of which parameter
     * @param step of which step
     */
    record Question(String parameterId, int step) {}
}
