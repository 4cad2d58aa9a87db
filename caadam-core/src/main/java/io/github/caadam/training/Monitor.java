// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Evaluator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * A value by which the epochs of a training are judged, and whether small or large is good. Keras
 * names them {@code monitor} and {@code mode}.
 *
 * <p>DJL evaluates the loss and the evaluators of the training configuration. Its names are {@code
 * train_loss}, {@code validate_loss}, and {@code train_NAME} and {@code validate_NAME} for an
 * evaluator, such as {@code validate_Accuracy}.
 *
 * @since 0.1.0
 */
public final class Monitor {

    /** The loss of the validation set, the smaller the better. */
    public static final Monitor VALIDATION_LOSS = minimum("validate_loss");

    private static final String TRAIN = "train_";
    private static final String VALIDATE = "validate_";

    private final String name;
    private final boolean isMaximum;
    private final ToDoubleFunction<Trainer> function;

    private Monitor(String name, boolean isMaximum, ToDoubleFunction<Trainer> function) {
        this.name = Objects.requireNonNull(name, "name");
        this.isMaximum = isMaximum;
        this.function = function;
    }

    /**
     * Monitors one of DJL's evaluations, the smaller the better.
     *
     * @param name its name, such as {@code validate_loss}
     * @return the monitor
     */
    public static Monitor minimum(String name) {
        return new Monitor(name, false, null);
    }

    /**
     * Monitors one of DJL's evaluations, the larger the better.
     *
     * @param name its name, such as {@code validate_Accuracy}
     * @return the monitor
     */
    public static Monitor maximum(String name) {
        return new Monitor(name, true, null);
    }

    /**
     * Monitors a value of your own, the smaller the better.
     *
     * @param name what it is, for messages
     * @param value the value at the end of an epoch, when the validation set was evaluated
     * @return the monitor
     */
    public static Monitor minimum(String name, ToDoubleFunction<Trainer> value) {
        return new Monitor(name, false, Objects.requireNonNull(value, "value"));
    }

    /**
     * Monitors a value of your own, the larger the better.
     *
     * @param name what it is, for messages
     * @param value the value at the end of an epoch, when the validation set was evaluated
     * @return the monitor
     */
    public static Monitor maximum(String name, ToDoubleFunction<Trainer> value) {
        return new Monitor(name, true, Objects.requireNonNull(value, "value"));
    }

    /**
     * Returns what is monitored.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns whether large values are good.
     *
     * @return whether they are
     */
    public boolean isMaximum() {
        return isMaximum;
    }

    /** Returns whether the value is one of DJL's evaluations. */
    boolean isEvaluation() {
        return function == null;
    }

    /** Returns whether the value is of the validation set. */
    boolean needsValidation() {
        return isEvaluation() && name.startsWith(VALIDATE);
    }

    /**
     * Checks that a trainer has the evaluation.
     *
     * @throws IllegalStateException if it has not, with the names of those it has
     */
    void requireKnownTo(Trainer trainer) {
        if (!isEvaluation()) {
            return;
        }
        TreeSet<String> names = new TreeSet<>();
        for (String prefix : new String[] {TRAIN, VALIDATE}) {
            names.add(prefix + "loss");
            for (Evaluator evaluator : trainer.getEvaluators()) {
                names.add(prefix + evaluator.getName());
            }
        }
        if (!names.contains(name)) {
            throw new IllegalStateException(
                    "The training has no evaluation "
                            + name
                            + ", but "
                            + names
                            + ": add the evaluator to the training configuration, or monitor"
                            + " another.");
        }
    }

    /**
     * Returns the value at the end of an epoch.
     *
     * @throws IllegalStateException if the trainer has no such evaluation
     */
    double value(Trainer trainer) {
        if (!isEvaluation()) {
            return function.applyAsDouble(trainer);
        }
        Map<String, Float> evaluations = trainer.getTrainingResult().getEvaluations();
        Float value = evaluations == null ? null : evaluations.get(name);
        if (value == null) {
            throw new IllegalStateException("The training has no evaluation " + name + '.');
        }
        return value;
    }

    /**
     * Returns whether a value is better than the best so far by more than a difference, compared in
     * single precision as Keras does. NaN is never better.
     */
    boolean improves(double value, double best, double minDelta) {
        return isMaximum
                ? (float) (value - minDelta) > (float) best
                : (float) (value + minDelta) < (float) best;
    }

    /** Returns whether a value is as good as a threshold; NaN is not. */
    boolean reaches(double value, double threshold) {
        return isMaximum ? value >= threshold : value <= threshold;
    }

    /** Returns name and direction. */
    @Override
    public String toString() {
        return (isMaximum ? "maximum of " : "minimum of ") + name;
    }
}
