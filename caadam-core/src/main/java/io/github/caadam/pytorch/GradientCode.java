// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import io.github.caadam.spi.StepRecipe;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a program computes the gradients of batches. It finds the names {@code x} and {@code y} of
 * features and labels, {@code rows} of how many there are, {@code size} of the rows of a batch,
 * {@code steps} of the number of batches, and {@code predicts} of whether predictions are wanted.
 */
interface GradientCode {

    /** The name of the list of the predictions, each detached from automatic differentiation. */
    String PREDICTED = "predicted";

    /** Returns whether the program has to run with gradient mode on. */
    boolean isRecorded();

    /**
     * Returns how the program holds the parameters.
     *
     * @param groups the groups of those that are trained
     * @param recipe what a step is
     */
    ParameterArrays arrays(List<TrainingProgram.ParameterGroup> groups, StepRecipe recipe);

    /**
     * Writes the loop over the batches: the passes over each and what follows them. It appends
     * predictions to {@link #PREDICTED} if they are wanted, each made before the step of its batch.
     *
     * @param out where to
     * @param step writes what follows the passes over a batch, where {@code i} is its number
     * @return the name of the sum of the losses over all rows, a float64 scalar
     */
    String writeBatches(SourceWriter out, Consumer<SourceWriter> step);
}
