package io.github.caadam.optimizer;

/**
 * The numbers of one step of one parameter, which is, for every {@link Algorithm},
 *
 * <pre>θ ← (1 − decay)·θ − (moment·m + gradient·g)/(d + epsilon)</pre>
 *
 * <p>with {@code g} the gradient after rescaling, clipping and L2 decay, {@code m} the first moment
 * after it took {@code g} in, and {@code d} the square root of the second moment (of the largest
 * one so far with amsgrad), or {@link Algorithm#ADAMAX}'s infinity norm. Bias corrections, learning
 * rate, factor and the placement of {@code ε} are all in these numbers.
 *
 * @param moment the factor of the first moment, 0 or more
 * @param gradient the factor of the gradient, 0 or more; 0 except for {@link Algorithm#NADAM}
 * @param epsilon what is added to the denominator, above 0
 * @param decay the share of the weight that decoupled decay takes away before the step
 */
public record StepCoefficients(double moment, double gradient, double epsilon, double decay) {}
