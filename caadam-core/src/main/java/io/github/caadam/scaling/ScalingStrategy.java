package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

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

    /** The reference size {@code P₀} of {@link #networkSize()}: {@value}. */
    double DEFAULT_REFERENCE_SIZE = 250_000;

    /**
     * Computes the factor of a parameter. For a gradient-aware strategy, the part that needs no
     * gradient.
     *
     * @param parameter the parameter
     * @param network the network that it belongs to
     * @return the factor {@code S}; finite, 0 or more
     */
    double factor(ParameterStructure parameter, NetworkStructure network);

    /**
     * Computes the factor of a parameter at a step. Only a {@link GradientAwareScaling} looks at
     * the gradient; the other strategies return {@link #factor(ParameterStructure,
     * NetworkStructure)}.
     *
     * @param parameter the parameter
     * @param network the network that it belongs to
     * @param gradient its gradient, rescaled and clipped, of the parameter's shape
     * @return the factor {@code S}; finite, 0 or more
     */
    default double factor(
            ParameterStructure parameter, NetworkStructure network, NDArray gradient) {
        return factor(parameter, network);
    }

    /**
     * Returns whether the factor depends on the current gradient, so that it has to be computed
     * anew at every update.
     *
     * @return whether it does
     */
    default boolean isGradientAware() {
        return false;
    }

    /**
     * Multiplies this strategy's factors by another's.
     *
     * @param other the other strategy
     * @return the product of both
     */
    default ScalingStrategy times(ScalingStrategy other) {
        return new ProductScaling(this, other);
    }

    /**
     * Bounds this strategy's factors.
     *
     * @param floor the smallest factor, 0 or more
     * @param ceiling the largest factor, finite, not below the floor
     * @return the strategy
     * @throws IllegalArgumentException if a bound is outside its range
     */
    default ScalingStrategy bounded(double floor, double ceiling) {
        return new BoundedScaling(this, floor, ceiling);
    }

    /**
     * Sets the factor of some parameters, whatever this strategy gives them.
     *
     * @param pathPattern a regular expression, found anywhere in a parameter's path: {@code
     *     "_bias$"} means all biases, {@code "^01Linear_"} one layer
     * @param factor the factor of the parameters that it matches; finite, 0 or more
     * @return the strategy
     * @throws IllegalArgumentException if the factor is outside its range or the pattern is no
     *     regular expression
     */
    default ScalingStrategy overriding(String pathPattern, double factor) {
        return new OverriddenScaling(this, pathPattern, factor);
    }

    /**
     * Describes the strategy as plain values (texts, numbers and nested maps), to be kept as JSON
     * and rebuilt by {@link #fromDescription}. A strategy of your own is described by its class
     * name, unless it overrides this method, and is not rebuilt.
     *
     * @return the description
     */
    default Map<String, Object> describe() {
        return Descriptions.ofCustom(this);
    }

    /**
     * Rebuilds a strategy.
     *
     * @param description what {@link #describe} returned, before or after a way through JSON
     * @return the strategy
     * @throws IllegalArgumentException if it describes no strategy of this library; the message
     *     says why
     */
    static ScalingStrategy fromDescription(Map<String, ?> description) {
        return Descriptions.toStrategy(description);
    }

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
     * Multiplicative scaling with a signed {@code σ}: {@code S = γ^σ}, {@code σ} from 1 for the
     * smallest layer over 0 for the median to −1 for the largest. So {@code S} runs from {@code γ}
     * to {@code 1/γ}, which is what a comment in the published package says that it was meant to
     * do; the package's own {@code σ} is never negative, as in {@link #multiplicative(double)}.
     *
     * @param gamma the base {@code γ}, above 0; above 1, smaller layers learn faster
     * @return the strategy
     * @throws IllegalArgumentException if {@code gamma} is outside its range
     */
    static ScalingStrategy multiplicativeSigned(double gamma) {
        return new MultiplicativeSignedScaling(gamma);
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
     * Fan-in scaling: {@code S ∝ (fan-in of the parameter's layer)^−power}, normalised so that the
     * geometric mean over the layers is 1. Power 1 is the rule of the width-transfer literature for
     * Adam's hidden layers (Yang et al., <em>Tensor Programs V: Tuning Large Neural Networks via
     * Zero-Shot Hyperparameter Transfer</em>, 2022, Table 3); 0.5 is a milder one. Does not depend
     * on the convention.
     *
     * @param power the power, finite; 0 gives 1 for every layer
     * @return the strategy
     * @throws IllegalArgumentException if {@code power} is not finite
     */
    static ScalingStrategy fanIn(double power) {
        return new FanInScaling(power);
    }

    /**
     * Network-size scaling with {@code P₀} = {@value #DEFAULT_REFERENCE_SIZE}.
     *
     * @return the strategy
     * @see #networkSize(double)
     */
    static ScalingStrategy networkSize() {
        return networkSize(DEFAULT_REFERENCE_SIZE);
    }

    /**
     * Network-size scaling: {@code S = √(P₀/P)} for every parameter alike, {@code P} the number of
     * trainable values of the network. Adam moves each value by about {@code α} a step, so the
     * whole network by about {@code α√P}; this keeps that length the same for networks of every
     * size.
     *
     * @param referenceSize {@code P₀}, the size that is not scaled, above 0
     * @return the strategy
     * @throws IllegalArgumentException if {@code referenceSize} is outside its range
     */
    static ScalingStrategy networkSize(double referenceSize) {
        return new NetworkSizeScaling(referenceSize);
    }

    /**
     * A strategy of your own that looks at the gradient of the current step.
     *
     * @param formula the formula of the factor
     * @return the strategy
     */
    static ScalingStrategy gradientAware(GradientAwareScaling formula) {
        return new CustomGradientScaling(formula);
    }

    /**
     * Gradient-concentration scaling, an example of a gradient-aware strategy: {@code S =
     * (κ/√(2/π))^γ} with {@code κ = mean|g| / √(mean g²)} over the values of the parameter's
     * current gradient. {@code κ} is 1 where all values have one magnitude, {@code √(2/π)} ≈ 0.80
     * where they are normally distributed, and falls to {@code 1/√n} where one of {@code n} values
     * carries the whole gradient; so {@code S} is 1 for normally distributed gradients, at most
     * {@code 1.253^γ}, and damps the steps of layers whose gradient hangs on few values. It does
     * not change when a gradient is multiplied by a constant. 1 for a gradient of zeros. This
     * formula is ours, not the paper's, which names gradient distributions without giving one.
     *
     * @param gamma the strength {@code γ}, 0 or more
     * @return the strategy
     * @throws IllegalArgumentException if {@code gamma} is outside its range
     */
    static ScalingStrategy gradientConcentration(double gamma) {
        return new GradientConcentrationScaling(gamma);
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
