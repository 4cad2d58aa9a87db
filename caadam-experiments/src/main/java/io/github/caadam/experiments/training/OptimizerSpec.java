package io.github.caadam.experiments.training;

import ai.djl.nn.Block;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.training.PlateauTracker;
import java.util.List;
import java.util.Objects;

/**
 * An optimizer with its options, all of them resolved. Adam and AdamW are {@link CaAdam} without
 * scaling, which computes bit for bit what DJL's own {@code Adam} and {@code AdamW} compute (a test
 * of the library), so that in a comparison nothing but the factors differs.
 *
 * @param optimizer how the paper's tables name it: {@code Adam}, {@code AdamW} or {@code CaAdam}
 * @param scaling the scaling strategy
 * @param gamma the strategy's γ; 0 where there is none
 * @param convention how connections and depth are counted
 * @param learningRate the initial learning rate, a finite number above 0
 * @param weightDecay the decoupled weight decay, a finite number, 0 or more
 */
public record OptimizerSpec(
        String optimizer,
        Scaling scaling,
        double gamma,
        StructureConvention convention,
        double learningRate,
        double weightDecay) {

    /** What {@link #parse} understands. */
    public static final List<String> NAMES =
            List.of("adam", "adamw", "caadam:additive", "caadam:multiplicative", "caadam:depth");

    /** Keras' default for AdamW. */
    private static final double ADAMW_WEIGHT_DECAY = 0.004;

    /** Checks the learning rate and the weight decay, and γ by building the strategy once. */
    public OptimizerSpec {
        Objects.requireNonNull(optimizer, "optimizer");
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "The learning rate must be a finite number above 0, found "
                            + learningRate
                            + ".");
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException(
                    "The weight decay must be a finite number, 0 or more, found "
                            + weightDecay
                            + ".");
        }
        Objects.requireNonNull(scaling.strategy(gamma));
    }

    /**
     * Reads an optimizer's name and gives it the options of a protocol.
     *
     * @param name one of {@link #NAMES}
     * @param protocol the protocol, which sets learning rate, convention and γ
     * @return the optimizer
     * @throws IllegalArgumentException if the name is unknown; the message lists the valid ones
     */
    public static OptimizerSpec parse(String name, Protocol protocol) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "Unknown optimizer \""
                            + name
                            + "\"; valid are: "
                            + String.join(", ", NAMES)
                            + ".");
        }
        String[] parts = name.split(":", 2);
        boolean scaled = parts.length == 2;
        Scaling scaling = scaled ? Scaling.byName(parts[1]) : Scaling.NONE;
        return new OptimizerSpec(
                switch (parts[0]) {
                    case "adam" -> "Adam";
                    case "adamw" -> "AdamW";
                    default -> "CaAdam";
                },
                scaling,
                scaling.defaultGamma(protocol.convention()),
                protocol.convention(),
                protocol.learningRate(),
                parts[0].equals("adamw") ? ADAMW_WEIGHT_DECAY : 0);
    }

    /**
     * Returns this optimizer with other options where they are given.
     *
     * @param gamma γ, or null
     * @param convention the convention, or null
     * @param learningRate the learning rate, or null
     * @param weightDecay the decoupled weight decay, or null
     * @return the optimizer
     */
    public OptimizerSpec with(
            Double gamma, StructureConvention convention, Double learningRate, Double weightDecay) {
        StructureConvention newConvention = convention == null ? this.convention : convention;
        double newGamma = convention == null ? this.gamma : scaling.defaultGamma(newConvention);
        return new OptimizerSpec(
                optimizer,
                scaling,
                gamma == null ? newGamma : gamma,
                newConvention,
                learningRate == null ? this.learningRate : learningRate,
                weightDecay == null ? this.weightDecay : weightDecay);
    }

    /** Builds the optimizer for a block. */
    CaAdam newOptimizer(Block block, Protocol protocol, PlateauTracker learningRateTracker) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(scaling.strategy(gamma))
                .optConvention(convention)
                .optLearningRateTracker(learningRateTracker)
                .optEpsilon((float) protocol.epsilon())
                .optEpsilonPlacement(protocol.epsilonPlacement())
                .optDecoupledWeightDecay((float) weightDecay)
                .build();
    }
}
