// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

/** How a program holds the parameters, and what an optimizer keeps for them, while it trains. */
interface ParameterArrays {

    /**
     * Writes what comes before the first batch: it names single parameters as {@link
     * ParameterNames} says, and for each group makes the lists that its steps work on: {@link
     * TrainingProgram#weights}, {@link TrainingProgram#state}, {@link TrainingProgram#lateSteps}
     * and, where learning rates follow weights, {@link FollowedWeights#list}.
     */
    void writeBefore(SourceWriter out);

    /**
     * Writes the list of a group's gradients, behind the passes over a batch.
     *
     * @return its name
     */
    String writeGradients(SourceWriter out, int group);

    /** Writes what comes behind the last batch. */
    void writeAfter(SourceWriter out);
}
