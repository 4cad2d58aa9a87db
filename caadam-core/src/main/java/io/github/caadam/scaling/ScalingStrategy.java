package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;

/**
 * A formula that turns a parameter's place in its network into a factor {@code S} on its learning
 * rate: the effective rate of the parameter is {@code α·S} (Eq. 22 of <em>CaAdam: Improving Adam
 * optimizer using connection aware methods</em>, Genet and Inzirillo).
 *
 * <p>In the formulas below {@code c} is the parameter's number of connections, {@code c̃}, {@code
 * c_min} and {@code c_max} the median, minimum and maximum over the network's layers, {@code d} the
 * parameter's depth and {@code d_m} the total depth; see {@link
 * io.github.caadam.structure.StructureConvention} for how they are counted. Where all layers have
 * the same number of connections, and on a side of the median that is empty (0/0), the first two
 * give 1.
 */
@FunctionalInterface
public interface ScalingStrategy {

    /** The hyper-parameter {@code γ} that the text of the paper sets: {@value}. */
    double DEFAULT_GAMMA = 0.95;

    /**
     * Computes the factor of a parameter.
     *
     * @param parameter the parameter
     * @param network the network that it belongs to
     * @return the factor {@code S}; finite, 0 or more
     */
    double factor(ParameterStructure parameter, NetworkStructure network);

    /**
     * Additive MinMaxMedian scaling with {@code γ} = {@value #DEFAULT_GAMMA}.
     *
     * @return the strategy
     * @see #additive(double)
     */
    static ScalingStrategy additive() {
        return additive(DEFAULT_GAMMA);
    }

    /**
     * Additive MinMaxMedian scaling, Eq. 15: {@code S = 1 + γ(c̃−c)/(c̃−c_min)} where {@code c ≤
     * c̃}, else {@code S = 1 − γ(c−c̃)/(c_max−c̃)}. From {@code 1+γ} for the smallest layer to
     * {@code 1−γ} for the largest.
     *
     * @param gamma the strength {@code γ}, in [0, 1], so that no factor is negative
     * @return the strategy
     * @throws IllegalArgumentException if {@code gamma} is outside its range
     */
    static ScalingStrategy additive(double gamma) {
        return new AdditiveScaling(gamma);
    }

    /**
     * Multiplicative MinMaxMedian scaling with {@code γ} = {@value #DEFAULT_GAMMA}.
     *
     * @return the strategy
     * @see #multiplicative(double)
     */
    static ScalingStrategy multiplicative() {
        return multiplicative(DEFAULT_GAMMA);
    }

    /**
     * Multiplicative MinMaxMedian scaling, Eq. 16 and 17: {@code σ = (c̃−c)/(c̃−c_min)} where
     * {@code c ≤ c̃}, else {@code σ = (c−c̃)/(c_max−c̃)}; {@code S = exp(σ·ln γ) = γ^σ}. Both sides
     * of the median are scaled the same way: the smallest and the largest layer get {@code γ}, the
     * median one 1.
     *
     * @param gamma the base {@code γ}, above 0; the paper's text has 0.95, the published package
     *     5.0
     * @return the strategy
     * @throws IllegalArgumentException if {@code gamma} is outside its range
     */
    static ScalingStrategy multiplicative(double gamma) {
        return new MultiplicativeScaling(gamma);
    }

    /**
     * Depth-based scaling with {@code γ} = {@value #DEFAULT_GAMMA}.
     *
     * @return the strategy
     * @see #depth(double)
     */
    static ScalingStrategy depth() {
        return depth(DEFAULT_GAMMA);
    }

    /**
     * Depth-based scaling, Eq. 18: {@code S = (1+γ)^((d_m−(1+d))/d_m)}; 1 at the output.
     *
     * @param gamma the strength {@code γ}, above −1; the paper's text has 0.95, the published
     *     package 1.0
     * @return the strategy
     * @throws IllegalArgumentException if {@code gamma} is outside its range
     */
    static ScalingStrategy depth(double gamma) {
        return new DepthScaling(gamma);
    }

    /**
     * No scaling: every factor is 1, which makes {@code CaAdam} plain Adam.
     *
     * @return the strategy
     */
    static ScalingStrategy none() {
        return NoScaling.INSTANCE;
    }
}
