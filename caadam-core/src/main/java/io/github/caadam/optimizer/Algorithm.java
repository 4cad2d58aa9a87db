package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The formula by which an optimizer turns gradients into steps. In the formulas {@code g} is the
 * gradient after rescaling, clipping and L2 decay, {@code α} the learning rate times the factor of
 * the parameter, and {@code t} counts the steps of the parameter from 1.
 */
public enum Algorithm {

    /**
     * Adam (Kingma and Ba, <em>Adam: A Method for Stochastic Optimization</em>, 2015, Algorithm 1):
     * {@code m ← β₁m + (1−β₁)g}, {@code v ← β₂v + (1−β₂)g²}, {@code θ ← θ − α·√(1−β₂ᵗ)/(1−β₁ᵗ) ·
     * m/(√v+ε)}, with {@code ε} where {@link EpsilonPlacement} says. With amsgrad (Reddi, Kale and
     * Kumar, <em>On the Convergence of Adam and Beyond</em>, 2018) the largest {@code v} so far
     * stands in the denominator, as in Keras and PyTorch.
     */
    ADAM("adam"),

    /**
     * Adamax (Kingma and Ba, 2015, Algorithm 2), as Keras computes it: {@code m ← β₁m + (1−β₁)g},
     * {@code u ← max(β₂u, |g|)}, {@code θ ← θ − α/(1−β₁ᵗ) · m/(u+ε)}. PyTorch adds its {@code ε} to
     * {@code |g|} inside the maximum instead.
     */
    ADAMAX("adamax"),

    /**
     * Nadam (Dozat, <em>Incorporating Nesterov Momentum into Adam</em>, 2016), as Keras computes
     * it: {@code m} and {@code v} as in Adam, momentum {@code μₜ = β₁(1 − 0.5·0.96ᵗ)}, {@code m̂ =
     * μₜ₊₁·m/(1−∏ᵢ₌₁ᵗ⁺¹μᵢ) + (1−μₜ)·g/(1−∏ᵢ₌₁ᵗμᵢ)}, {@code θ ← θ − α·m̂/(√(v/(1−β₂ᵗ))+ε)}.
     * PyTorch's schedule has {@code 0.96^(0.004·t)} in place of {@code 0.96ᵗ}, so its steps differ.
     */
    NADAM("nadam");

    private final String label;

    Algorithm(String label) {
        this.label = label;
    }

    /**
     * Returns the name that descriptions use.
     *
     * @return the name, such as {@code adam}
     */
    public String label() {
        return label;
    }

    /** Returns the names of the arrays that are kept for each parameter. */
    List<String> arrays(boolean amsgrad) {
        if (amsgrad) {
            return List.of("first_moment", "second_moment", "max_second_moment");
        }
        return List.of("first_moment", this == ADAMAX ? "infinity_norm" : "second_moment");
    }

    /** Returns how a step is made by single operations. */
    Rule rule() {
        return switch (this) {
            case ADAM -> AdamRule::applyAmsgrad;
            case ADAMAX -> AdamaxRule::apply;
            case NADAM -> NadamRule::apply;
        };
    }

    /**
     * Returns the numbers of a step.
     *
     * @param settings the optimizer's settings
     * @param corrections the bias corrections of the step
     * @param state what is kept for the parameter
     * @param rate the learning rate times the factor
     * @param decay the share of the weight that decoupled decay takes away
     */
    StepCoefficients coefficients(
            OptimizerSettings settings,
            BiasCorrections corrections,
            ParameterState state,
            double rate,
            double decay) {
        return switch (this) {
            case ADAM -> AdamRule.coefficients(settings, corrections, rate, decay);
            case ADAMAX -> AdamaxRule.coefficients(settings, corrections, rate, decay);
            case NADAM -> NadamRule.coefficients(settings, corrections, state, rate, decay);
        };
    }

    /** Makes one step of one parameter, by single operations. */
    @FunctionalInterface
    interface Rule {

        /**
         * Updates a weight and its state in place. The temporary arrays that it leaves belong to
         * the {@link ai.djl.ndarray.NDScope} that {@link StatefulOptimizer} opens for a step.
         *
         * @param weight the parameter's values, detached from automatic differentiation
         * @param gradient the gradient, rescaled, clipped and with L2 decay; not to be changed
         * @param state the arrays that are kept for the parameter
         * @param coefficients the numbers of the step; decay has been applied
         * @param settings the optimizer's settings
         */
        void apply(
                NDArray weight,
                NDArray gradient,
                ParameterState state,
                StepCoefficients coefficients,
                OptimizerSettings settings);
    }
}
