package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The factor of every parameter of a block. The block is usually not initialized yet when an
 * optimizer is configured, so its structure is read when the first factor is asked for; and again
 * in the first step after parameters were frozen or unfrozen, so that the factors are always those
 * of the network that is trained.
 */
final class ScalingFactors {

    private final Block block;
    private final ScalingStrategy scaling;
    private final StructureConvention convention;
    private final Map<String, Double> factors = new HashMap<>();
    private final TrainableSet trainableSet = new TrainableSet();
    private NetworkStructure network;

    ScalingFactors(Block block, ScalingStrategy scaling, StructureConvention convention) {
        if (block == null) {
            throw new IllegalArgumentException(
                    "No block was set: call setBlock(model.getBlock()) with the network that is"
                            + " trained.");
        }
        if (scaling == null) {
            throw new IllegalArgumentException(
                    "No scaling was set: call setScaling(...), for instance with"
                            + " ScalingStrategy.multiplicative().");
        }
        this.block = block;
        this.scaling = scaling;
        this.convention = Objects.requireNonNull(convention, "convention");
    }

    ScalingStrategy scaling() {
        return scaling;
    }

    StructureConvention convention() {
        return convention;
    }

    /**
     * Returns the learning rate of a parameter, {@code α·S}.
     *
     * @param gradient the parameter's present gradient, for a strategy that looks at it
     * @throws IllegalStateException if the block has no such trainable parameter, or its factor is
     *     negative or not finite
     */
    synchronized float scale(float learningRate, String parameterId, NDArray gradient) {
        float scaled = scale(learningRate, parameterId);
        if (!scaling.isGradientAware()) {
            return scaled;
        }
        ParameterStructure parameter = network.parameter(parameterId).orElseThrow();
        double factor = scaling.factor(parameter, network, gradient);
        return (float) (learningRate * requireFactor(parameter, factor));
    }

    /**
     * Returns the learning rate of a parameter, {@code α·S}, without looking at a gradient.
     *
     * @throws IllegalStateException if the block has no such trainable parameter, or its factor is
     *     negative or not finite
     */
    float scale(float learningRate, String parameterId) {
        return (float) (learningRate * factor(parameterId));
    }

    /**
     * Returns the factor {@code S} of a parameter, without looking at a gradient.
     *
     * @throws IllegalStateException if the block has no such trainable parameter, or its factor is
     *     negative or not finite
     */
    synchronized double factor(String parameterId) {
        boolean changed = trainableSet.changedBefore(parameterId);
        Double factor = factors.get(parameterId);
        if (changed || factor == null) {
            readStructure(parameterId);
            factor = factors.get(parameterId);
        }
        if (factor == null) {
            throw OptimizedNetwork.unknown(parameterId);
        }
        return factor;
    }

    private void readStructure(String parameterId) {
        network = StructureInspector.inspect(block, convention);
        trainableSet.remember(block, parameterId);
        factors.clear();
        for (ParameterStructure parameter : network.parameters()) {
            double factor = scaling.factor(parameter, network);
            factors.put(parameter.id(), requireFactor(parameter, factor));
        }
    }

    private double requireFactor(ParameterStructure parameter, double factor) {
        if (!(factor >= 0) || Double.isInfinite(factor)) {
            throw new IllegalStateException(
                    "The scaling "
                            + scaling
                            + " gave the factor "
                            + factor
                            + " for "
                            + parameter.path()
                            + "; factors must be finite and 0 or more.");
        }
        return factor;
    }

    @Override
    public String toString() {
        return "scaling=" + scaling + ", convention=" + convention;
    }
}
