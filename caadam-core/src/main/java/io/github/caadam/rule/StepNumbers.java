// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

/**
 * The numbers of one step, which all parameters of a group have in common.
 *
 * @since 0.1.0
 */
public final class StepNumbers {

    private final BiasCorrections corrections;
    private final float scheduledRate;
    private final double relative;
    private final double factor;
    private final double ruleFactor;
    private final float weightDecay;

    /**
     * Creates the numbers.
     *
     * @param corrections the bias corrections, which know the step's number
     * @param baseRate the learning rate {@code α} before scaling, 0 or more
     * @param factor the factor {@code S} of the learning rate, 0 or more
     * @param weightDecay the decoupled weight decay {@code λ}, 0 or more
     */
    public StepNumbers(
            BiasCorrections corrections, float baseRate, double factor, float weightDecay) {
        this(corrections, baseRate, 1, factor, 1, weightDecay);
    }

    private StepNumbers(
            BiasCorrections corrections,
            float scheduledRate,
            double relative,
            double factor,
            double ruleFactor,
            float weightDecay) {
        this.corrections = corrections;
        this.scheduledRate = scheduledRate;
        this.relative = relative;
        this.factor = factor;
        this.ruleFactor = ruleFactor;
        this.weightDecay = weightDecay;
    }

    /**
     * Returns the numbers of a step at another learning rate.
     *
     * @param factor what {@code α} is multiplied by, rounded to single precision
     * @return the numbers, with the same step, factor and decay
     */
    public StepNumbers times(double factor) {
        return factor == 1
                ? this
                : new StepNumbers(
                        corrections,
                        scheduledRate,
                        relative * factor,
                        this.factor,
                        ruleFactor,
                        weightDecay);
    }

    /**
     * Returns the numbers of a parameter of another shape.
     *
     * @param factor what {@link UpdateRule#rateFactor} is
     * @return the numbers, with the same step, learning rate, factor and decay
     */
    public StepNumbers withRuleFactor(double factor) {
        return factor == ruleFactor
                ? this
                : new StepNumbers(
                        corrections, scheduledRate, relative, this.factor, factor, weightDecay);
    }

    /**
     * Returns the number of the step: how many steps the parameters will have made with it.
     *
     * @return {@code t}, from 1
     */
    public int step() {
        return corrections.step();
    }

    /**
     * Returns the learning rate, {@code α·S}, rounded to single precision as DJL's optimizers do,
     * times what the rule makes of the parameter's shape.
     *
     * @return the rate, 0 or more
     */
    public double rate() {
        return (float) (baseRate() * factor) * ruleFactor;
    }

    /**
     * Returns the learning rate before scaling.
     *
     * @return {@code α}, 0 or more
     */
    public float baseRate() {
        return (float) (scheduledRate * relative);
    }

    /**
     * Returns the learning rate as the optimizer's tracker gave it, which may be relative to the
     * size of the weights.
     *
     * @return the rate, 0 or more
     */
    public float scheduledRate() {
        return scheduledRate;
    }

    /**
     * Returns the decoupled weight decay.
     *
     * @return {@code λ}, 0 or more
     */
    public float weightDecay() {
        return weightDecay;
    }

    /**
     * Returns the share of the weights that decoupled decay takes away in this step, rounded to
     * single precision.
     *
     * @return {@code α·λ}, 0 or more
     */
    public double decay() {
        return baseRate() * weightDecay;
    }

    /**
     * Returns what corrects the bias of a moment that started from zeros.
     *
     * @param beta the decay {@code β} of the moment
     * @return {@code 1−βᵗ}
     */
    public double biasCorrection(double beta) {
        return corrections.of(beta);
    }
}
