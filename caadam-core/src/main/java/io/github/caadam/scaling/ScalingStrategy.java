// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/**
 * Turns a parameter's place in its network into a factor {@code S} on its learning rate. The
 * parameter is then trained at the rate {@code α·S} (Eq. 22 of <em>CaAdam: Improving Adam optimizer
 * using connection aware methods</em>, Genet and Inzirillo).
 *
 * <p>The static methods make the strategies of the library. Strategies can be multiplied, bounded
 * and overridden:
 *
 * <pre>{@code
 * ScalingStrategy scaling =
 *         ScalingStrategy.networkSize()
 *                 .times(ScalingStrategy.fanIn(0.5))
 *                 .bounded(0.1, 10)
 *                 .overriding("_bias$", 1);
 * }</pre>
 *
 * <p>A strategy of your own is a lambda, or a class that also overrides {@link #describe}. It must
 * give the same factor for the same network at any time, as factors are computed once and kept. One
 * that looks at gradients is made by {@link #gradientAware}.
 *
 * <p>In the formulas below, {@code c} is the parameter's number of connections. The median, minimum
 * and maximum of {@code c} over the network's layers are {@code c̃}, {@code c_min} and {@code
 * c_max}. The parameter's depth is {@code d}, the total depth {@code d_m}. How they are counted is
 * the matter of {@link io.github.caadam.structure.StructureConvention}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ScalingStrategy {

    /** The hyper-parameter {@code γ} that the text of the paper sets: {@value}. */
    double DEFAULT_GAMMA = 0.95;

    /** A step of {@link #relativeStep} that did well on small tables: {@value}. */
    double DEFAULT_KAPPA = 0.1;

    /** The smallest root mean square of weights that {@link #relativeStep} follows: {@value}. */
    double DEFAULT_FLOOR = 1e-3;

    /** The reference size {@code P₀} of {@link #networkSize()}: {@value}. */
    double DEFAULT_REFERENCE_SIZE = 250_000;

    /**
     * Computes the factor of a parameter. For a strategy that looks at gradients, this is the part
     * that needs no gradient.
     *
     * @param parameter the parameter
     * @param network the network that it belongs to
     * @return the factor {@code S}; finite, 0 or more
     */
    double factor(ParameterStructure parameter, NetworkStructure network);

    /**
     * Computes the factor of a parameter at a step. A strategy that does not look at gradients
     * returns {@link #factor(ParameterStructure, NetworkStructure)}, which is the default.
     *
     * @param parameter the parameter
     * @param network the network that it belongs to
     * @param gradient its gradient, rescaled and clipped, of the parameter's shape and number type;
     *     neither to be changed nor closed
     * @return the factor {@code S}; finite, 0 or more
     */
    default double factor(
            ParameterStructure parameter, NetworkStructure network, NDArray gradient) {
        return factor(parameter, network);
    }

    /**
     * Returns whether the factor depends on the current gradient. Then it is computed anew at every
     * update.
     *
     * @return whether it does
     */
    default boolean isGradientAware() {
        return false;
    }

    /**
     * Returns whether the factor depends on the weights of the parameter's layer. Then {@link
     * #weightFactor} says how, there is no {@link #factor}, and what it gives is the learning rate
     * itself: the optimizer's learning rate is 1 by default, and decoupled decay has the whole rate
     * in it.
     *
     * @return whether it does
     */
    default boolean isWeightAware() {
        return false;
    }

    /**
     * Computes how the factor of a parameter follows the weights of its layer.
     *
     * @param parameter the parameter
     * @param network the network that it belongs to
     * @return how; for a strategy that does not look at weights, its factor
     */
    default WeightFactor weightFactor(ParameterStructure parameter, NetworkStructure network) {
        return WeightFactor.constant(factor(parameter, network));
    }

    /**
     * Multiplies this strategy's factors by another's.
     *
     * @param other the other strategy
     * @return the product of both
     * @throws IllegalArgumentException if both follow the weights, or one the weights and one the
     *     gradients
     * @throws NullPointerException if {@code other} is null
     */
    default ScalingStrategy times(ScalingStrategy other) {
        return new ProductScaling(this, other);
    }

    /**
     * Bounds this strategy's factors. A factor outside the bounds becomes the nearer one.
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
     * Sets the factor of some parameters. The others keep this strategy's.
     *
     * @param pathPattern a regular expression, found anywhere in a parameter's path: {@code
     *     "_bias$"} means all biases, {@code "^01Linear_"} one layer
     * @param factor the factor of the parameters that it matches; finite, 0 or more
     * @return the strategy
     * @throws IllegalArgumentException if the factor is outside its range or the pattern is no
     *     regular expression
     * @throws NullPointerException if the pattern is null
     */
    default ScalingStrategy overriding(String pathPattern, double factor) {
        return new OverriddenScaling(this, pathPattern, factor);
    }

    /**
     * Describes the strategy as plain values: texts, numbers and nested maps. A description can be
     * kept as JSON, and {@link #fromDescription} rebuilds the strategy from it. A strategy of your
     * own is described by the name of its class, unless it overrides this method, and is not
     * rebuilt.
     *
     * @return the description; its key {@code strategy} has the strategy's name
     */
    default Map<String, Object> describe() {
        return Descriptions.ofCustom(this);
    }

    /**
     * Rebuilds a strategy from its description. The description is read strictly, nested ones
     * included: it must have every key of its strategy, with a value of the right type and range,
     * and no other key.
     *
     * @param description what {@link #describe} returned, before or after a way through JSON
     * @return the strategy
     * @throws IllegalArgumentException if it does not describe a strategy of this library; the
     *     message names the value or key that is wrong, or lists the strategies that there are
     * @throws NullPointerException if {@code description} is null
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
     * Additive MinMaxMedian scaling, Eq. 15: smaller layers learn faster, larger ones more slowly.
     * {@code S = 1 + γ(c̃−c)/(c̃−c_min)} where {@code c ≤ c̃}, else {@code S = 1 −
     * γ(c−c̃)/(c_max−c̃)}. So {@code S} runs from {@code 1+γ} for the smallest layer over 1 for the
     * median to {@code 1−γ} for the largest. It is 1 on a side of the median that is empty (0/0),
     * and everywhere if all layers have the same number of connections.
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
     * Multiplicative MinMaxMedian scaling, Eq. 16 and 17: {@code S = exp(σ·ln γ) = γ^σ}, with
     * {@code σ = (c̃−c)/(c̃−c_min)} where {@code c ≤ c̃}, else {@code σ = (c−c̃)/(c_max−c̃)}. Both
     * sides of the median are scaled the same way: the smallest and the largest layer have {@code
     * γ}, the median one 1. As in {@link #additive(double)}, an empty side has 1.
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
     * Multiplicative scaling with a signed {@code σ}: {@code S = γ^σ}, with {@code σ} from 1 for
     * the smallest layer over 0 for the median to −1 for the largest. So {@code S} runs from {@code
     * γ} to {@code 1/γ}. A comment in the published package says that this was meant; the package's
     * own {@code σ} is never negative, as in {@link #multiplicative(double)}.
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
     * Depth-based scaling, Eq. 18: {@code S = (1+γ)^((d_m−(1+d))/d_m)}. Layers near the input learn
     * fastest; at the output {@code S} is 1.
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
     * Fan-in scaling: {@code S ∝ (fan-in of the parameter's layer)^−power}. The geometric mean over
     * the layers is 1. Power 1 is the rule of the width-transfer literature for Adam's hidden
     * layers (Yang et al., <em>Tensor Programs V: Tuning Large Neural Networks via Zero-Shot
     * Hyperparameter Transfer</em>, 2022, Table 3); 0.5 is a milder one. The factors do not depend
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
     * Network-size scaling: {@code S = √(P₀/P)} for every parameter alike, where {@code P} is the
     * number of trainable values of the network. Adam moves each value by about {@code α} a step,
     * and so the whole network by about {@code α√P}. This scaling keeps that length the same for
     * networks of every size.
     *
     * @param referenceSize {@code P₀}, the size that is not scaled, above 0
     * @return the strategy
     * @throws IllegalArgumentException if {@code referenceSize} is outside its range
     */
    static ScalingStrategy networkSize(double referenceSize) {
        return new NetworkSizeScaling(referenceSize);
    }

    /**
     * Relative steps, with a floor of {@value #DEFAULT_FLOOR}.
     *
     * @param kappa {@code κ}, above 0, such as {@value #DEFAULT_KAPPA}
     * @return the strategy
     * @throws IllegalArgumentException if {@code kappa} is outside its range
     * @see #relativeStep(double, double)
     */
    static ScalingStrategy relativeStep(double kappa) {
        return relativeStep(kappa, DEFAULT_FLOOR);
    }

    /**
     * Relative steps: {@code S = κ·max(r, floor)}, where {@code r} is the root mean square of the
     * weights of the parameter's layer before the step. A bias and a normalisation have the {@code
     * S} of their layer's weights. Adam moves each value by about its learning rate a step, and so
     * each layer by about {@code κ} of its size. The idea is that of Adafactor's relative step
     * (Shazeer and Stern, 2018, section 8) and of LAMB, by layer.
     *
     * <p>{@code S} is not a factor on a rate that was found for Adam, but the rate: an optimizer
     * with this strategy has the learning rate {@code α} = 1 unless it is set, and steps at {@code
     * α·S}. So a schedule gives {@code α} relative to 1. Decoupled decay is {@code α·S·λ}.
     *
     * <p>Layers are those of {@link io.github.caadam.structure.StructureInspector}: a recurrent one
     * has the root mean square of all of its weights' values; a normalisation is of the layer in
     * front, or of the first one; so is a bias whose weight is frozen. Where no weight is trained,
     * all parameters are one layer.
     *
     * @param kappa {@code κ}, above 0, such as {@value #DEFAULT_KAPPA}
     * @param floor the smallest {@code r}, 0 or more, at which a layer of zeros starts to move
     * @return the strategy
     * @throws IllegalArgumentException if a number is outside its range
     */
    static ScalingStrategy relativeStep(double kappa, double floor) {
        return new RelativeStepScaling(kappa, floor, false);
    }

    /**
     * Relative steps of the weights as drawn, with a floor of {@value #DEFAULT_FLOOR}.
     *
     * @param kappa {@code κ}, above 0, such as 0.08
     * @return the strategy
     * @throws IllegalArgumentException if {@code kappa} is outside its range
     * @see #relativeStepAtStart(double, double)
     */
    static ScalingStrategy relativeStepAtStart(double kappa) {
        return relativeStepAtStart(kappa, DEFAULT_FLOOR);
    }

    /**
     * As {@link #relativeStep(double, double)}, but {@code r} is that of the weights before their
     * first step, as they were drawn or loaded, and stays so; an optimizer saves it with its state.
     * For weights that Glorot and Bengio's initializer (2010) drew, {@code r} is about {@code
     * √(2/(fan-in + fan-out))}, so that the structure alone says the rate.
     *
     * @param kappa {@code κ}, above 0, such as 0.08
     * @param floor the smallest {@code r}, 0 or more
     * @return the strategy
     * @throws IllegalArgumentException if a number is outside its range
     */
    static ScalingStrategy relativeStepAtStart(double kappa, double floor) {
        return new RelativeStepScaling(kappa, floor, true);
    }

    /**
     * Makes a strategy of your own that looks at the gradient of the current step.
     *
     * @param formula the formula of the factor
     * @return the strategy
     * @throws NullPointerException if {@code formula} is null
     */
    static ScalingStrategy gradientAware(GradientAwareScaling formula) {
        return new CustomGradientScaling(formula);
    }

    /**
     * Gradient-concentration scaling, an example of a strategy that looks at gradients: {@code S =
     * (κ/√(2/π))^γ} with {@code κ = mean|g| / √(mean g²)} over the values of the parameter's
     * current gradient. It slows layers whose gradient hangs on few values.
     *
     * <p>{@code κ} is 1 where all values have one magnitude and {@code √(2/π)} ≈ 0.80 where they
     * are normally distributed. It falls to {@code 1/√n} where one of {@code n} values carries the
     * whole gradient. So {@code S} is 1 for normally distributed gradients, and at most {@code
     * 1.253^γ}. A gradient that is multiplied by a constant has the same {@code S}. A gradient of
     * zeros, or without values, has 1; one that is not finite has NaN, which an optimizer refuses.
     *
     * <p>Gradients of 64-bit numbers are computed with as such, all others as 32-bit numbers. This
     * formula is ours. The paper names gradient distributions without giving one.
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
