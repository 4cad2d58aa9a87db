// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The scaling strategies that studies and the command line can name, each with the default of its
 * one number, which is γ unless said otherwise.
 */
public enum Scaling {
    /** {@link ScalingStrategy#none()}. */
    NONE(0, 0),
    /** {@link ScalingStrategy#additive(double)}. */
    ADDITIVE(ScalingStrategy.DEFAULT_GAMMA, 0.95),
    /** {@link ScalingStrategy#multiplicative(double)}. */
    MULTIPLICATIVE(ScalingStrategy.DEFAULT_GAMMA, 5.0),
    /** {@link ScalingStrategy#multiplicativeSigned(double)}. */
    MULTIPLICATIVE_SIGNED(ScalingStrategy.DEFAULT_GAMMA, 5.0),
    /** {@link ScalingStrategy#depth(double)}. */
    DEPTH(ScalingStrategy.DEFAULT_GAMMA, 1.0),
    /** {@link ScalingStrategy#fanIn(double)}; the number is the power. */
    FAN_IN(1.0, 1.0),
    /** {@link ScalingStrategy#networkSize(double)}; the number is P₀. */
    NETWORK_SIZE(ScalingStrategy.DEFAULT_REFERENCE_SIZE, ScalingStrategy.DEFAULT_REFERENCE_SIZE),
    /** {@link LogNormalScaling}; the number is σ, the seed the run's. */
    LOG_NORMAL(0.8, 0.8),
    /** {@link ScalingStrategy#gradientConcentration(double)}. */
    GRADIENT_CONCENTRATION(1.0, 1.0),
    /** {@link ScalingStrategy#relativeStep(double)}; the number is κ. */
    RELATIVE_STEP(ScalingStrategy.DEFAULT_KAPPA, ScalingStrategy.DEFAULT_KAPPA),
    /** {@link ScalingStrategy#relativeStepAtStart(double)}; the number is κ. */
    RELATIVE_STEP_AT_START(ScalingStrategy.DEFAULT_KAPPA, ScalingStrategy.DEFAULT_KAPPA);

    private final double paperGamma;
    private final double referenceGamma;

    Scaling(double paperGamma, double referenceGamma) {
        this.paperGamma = paperGamma;
        this.referenceGamma = referenceGamma;
    }

    /**
     * Finds a strategy.
     *
     * @param name its name, such as {@code additive}
     * @return the strategy
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    public static Scaling byName(String name) {
        return Arrays.stream(values())
                .filter(scaling -> scaling.label().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown scaling \""
                                                + name
                                                + "\"; valid are: "
                                                + String.join(", ", names())
                                                + "."));
    }

    /**
     * Returns the names of all strategies.
     *
     * @return the names
     */
    public static List<String> names() {
        return Arrays.stream(values()).map(Scaling::label).toList();
    }

    /**
     * Returns the name.
     *
     * @return the name, such as {@code multiplicative-signed}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the number that goes with a convention: the text's γ in {@code PAPER}, the published
     * package's in {@code REFERENCE}.
     *
     * @param convention the convention
     * @return γ; 0 for {@link #NONE}
     */
    public double defaultGamma(StructureConvention convention) {
        return convention == StructureConvention.PAPER ? paperGamma : referenceGamma;
    }

    /**
     * Returns whether the factors are drawn, so that every run has its own.
     *
     * @return whether they are
     */
    public boolean isDrawn() {
        return this == LOG_NORMAL;
    }

    /**
     * Returns whether what the strategy gives is the learning rate itself, by the weights, so that
     * an optimizer's learning rate is relative to 1.
     *
     * @return whether it is
     * @see ScalingStrategy#isWeightAware
     */
    public boolean isRelative() {
        return this == RELATIVE_STEP || this == RELATIVE_STEP_AT_START;
    }

    /**
     * Builds the strategy.
     *
     * @param gamma γ
     * @param seed the seed of the run, for factors that are drawn
     * @return the strategy
     * @throws IllegalArgumentException if γ is outside the strategy's range
     */
    public ScalingStrategy strategy(double gamma, int seed) {
        return switch (this) {
            case NONE -> ScalingStrategy.none();
            case ADDITIVE -> ScalingStrategy.additive(gamma);
            case MULTIPLICATIVE -> ScalingStrategy.multiplicative(gamma);
            case MULTIPLICATIVE_SIGNED -> ScalingStrategy.multiplicativeSigned(gamma);
            case DEPTH -> ScalingStrategy.depth(gamma);
            case FAN_IN -> ScalingStrategy.fanIn(gamma);
            case NETWORK_SIZE -> ScalingStrategy.networkSize(gamma);
            case LOG_NORMAL -> new LogNormalScaling(gamma, seed);
            case GRADIENT_CONCENTRATION -> ScalingStrategy.gradientConcentration(gamma);
            case RELATIVE_STEP -> ScalingStrategy.relativeStep(gamma);
            case RELATIVE_STEP_AT_START -> ScalingStrategy.relativeStepAtStart(gamma);
        };
    }
}
