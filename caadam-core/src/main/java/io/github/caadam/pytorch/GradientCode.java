// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

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

    /** Returns how the program is executed. */
    ScriptModule.Mode mode();

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

    /**
     * Writes a sum over all rows.
     *
     * @param out where to
     * @param means the name of the list of the means over the rows of each batch
     * @return the name of the sum, a float64 scalar
     */
    static String writeSum(SourceWriter out, String means) {
        String values =
                out.let("t", call("torch.to", call("torch.stack", means), SourceWriter.FLOAT64));
        String sum = out.let("t", call("torch.mul", call("torch.sum", values), "float(size)"));
        String excess = "float(rows - steps * size)";
        String last = out.let("t", call("torch.mul", values + "[-1]", excess));
        return out.let("t", call("torch.add", sum, last));
    }
}
