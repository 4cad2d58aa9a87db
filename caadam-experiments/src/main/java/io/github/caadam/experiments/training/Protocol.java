// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.caadam.optimizer.EpsilonPlacement;
import io.github.caadam.structure.StructureConvention;
import java.util.List;

/**
 * How a network is trained. In both of the paper's protocols the last 20 % of the training rows are
 * held out for validation, the learning rate falls on plateaus of the validation loss, training
 * stops early with Keras' semantics, and the best weights are restored before the one test.
 *
 * @param name the name
 * @param batchSize rows per step
 * @param maxEpochs the most epochs
 * @param learningRate the initial learning rate where an optimizer sets none
 * @param stopPatience epochs without improvement until training stops
 * @param stopFromEpoch the first epoch that early stopping looks at
 * @param plateauPatience epochs without improvement until the learning rate falls
 * @param plateauFactor what the learning rate is multiplied by
 * @param minLearningRate the lowest learning rate
 * @param minDelta by how much a validation loss must be lower to count as an improvement
 * @param validationShare the share of the training rows that is held out
 * @param epsilon Adam's ε
 * @param epsilonPlacement where ε is added
 * @param convention how connections and depth are counted where an optimizer does not say
 * @param sharedInitialWeights whether all runs start from one draw of weights rather than from one
 *     per seed
 * @param trainRows how many of the training rows are used, from the first, validation rows
 *     included; 0 for all
 * @param weightsSeed the seed of the draw of weights that all runs share
 */
public record Protocol(
        String name,
        int batchSize,
        int maxEpochs,
        double learningRate,
        int stopPatience,
        int stopFromEpoch,
        int plateauPatience,
        double plateauFactor,
        double minLearningRate,
        double minDelta,
        double validationShare,
        double epsilon,
        EpsilonPlacement epsilonPlacement,
        StructureConvention convention,
        boolean sharedInitialWeights,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int trainRows,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int weightsSeed) {

    /** As the text of the paper says. */
    public static final Protocol PAPER =
            new Protocol(
                    "paper",
                    64,
                    1000,
                    1e-3,
                    15,
                    0,
                    6,
                    0.25,
                    2.5e-5,
                    1e-5,
                    0.2,
                    1e-8,
                    EpsilonPlacement.BIAS_CORRECTED,
                    StructureConvention.PAPER,
                    false,
                    0,
                    0);

    /** As the authors' own notebook trained on California Housing; the published tables' source. */
    public static final Protocol NOTEBOOK =
            new Protocol(
                    "notebook",
                    128,
                    1000,
                    1e-3,
                    25,
                    12,
                    8,
                    0.25,
                    2.5e-5,
                    1e-5,
                    0.2,
                    1e-7,
                    EpsilonPlacement.UNCORRECTED,
                    StructureConvention.REFERENCE,
                    true,
                    0,
                    0);

    /** As the authors' own notebook trained on images. */
    public static final Protocol NOTEBOOK_IMAGES =
            new Protocol(
                    "notebook-images",
                    64,
                    1000,
                    1e-3,
                    15,
                    0,
                    6,
                    0.25,
                    2.5e-5,
                    1e-5,
                    0.2,
                    1e-7,
                    EpsilonPlacement.UNCORRECTED,
                    StructureConvention.REFERENCE,
                    true,
                    0,
                    0);

    private static final List<Protocol> ALL = List.of(PAPER, NOTEBOOK, NOTEBOOK_IMAGES);

    /** Checks the batch size and the number of epochs. */
    public Protocol {
        if (batchSize < 1 || maxEpochs < 1) {
            throw new IllegalArgumentException(
                    "The batch size and the number of epochs must be 1 or more, found "
                            + batchSize
                            + " and "
                            + maxEpochs
                            + ".");
        }
    }

    /**
     * Finds a protocol.
     *
     * @param name its name
     * @return the protocol
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    public static Protocol byName(String name) {
        return ALL.stream()
                .filter(protocol -> protocol.name.equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown protocol \""
                                                + name
                                                + "\"; valid are: "
                                                + String.join(", ", names())
                                                + "."));
    }

    /**
     * Returns the names of all protocols.
     *
     * @return the names
     */
    public static List<String> names() {
        return ALL.stream().map(Protocol::name).toList();
    }

    /**
     * Returns this protocol with another limit on the epochs.
     *
     * @param epochs the most epochs, 1 or more
     * @return the protocol
     */
    public Protocol withMaxEpochs(int epochs) {
        return with(name, epochs, trainRows, weightsSeed);
    }

    /**
     * Returns this protocol with fewer training rows.
     *
     * @param rows how many are used, 1 or more, validation rows included
     * @return the protocol
     */
    public Protocol withTrainRows(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException(
                    "The number of training rows must be 1 or more, found " + rows + ".");
        }
        return with(name, maxEpochs, rows, weightsSeed);
    }

    /**
     * Returns this protocol with another draw of the weights that all runs share, and a name that
     * says so, since its runs are no repetitions of those from other weights.
     *
     * @param seed the seed of the draw, 1 or more
     * @return the protocol
     * @throws IllegalArgumentException if runs do not share their initial weights
     */
    public Protocol withWeightsSeed(int seed) {
        if (!sharedInitialWeights || seed < 1) {
            throw new IllegalArgumentException(
                    "A seed of the shared weights must be 1 or more, for a protocol whose runs"
                            + " share them, found "
                            + seed
                            + " for the protocol "
                            + name
                            + ".");
        }
        return with(name + "-weights-" + seed, maxEpochs, trainRows, seed);
    }

    private Protocol with(String newName, int epochs, int rows, int newWeightsSeed) {
        return new Protocol(
                newName,
                batchSize,
                epochs,
                learningRate,
                stopPatience,
                stopFromEpoch,
                plateauPatience,
                plateauFactor,
                minLearningRate,
                minDelta,
                validationShare,
                epsilon,
                epsilonPlacement,
                convention,
                sharedInitialWeights,
                rows,
                newWeightsSeed);
    }

    /**
     * Returns how many of the training rows are used, validation rows included.
     *
     * @param rows the training rows that there are
     * @return the rows that are used
     */
    public int usedRows(int rows) {
        return trainRows == 0 ? rows : Math.min(rows, trainRows);
    }

    /**
     * Returns how many of the training rows are trained on: Keras' {@code int(rows · (1 − share))}.
     *
     * @param rows the training rows, validation rows included
     * @return the rows before the validation rows
     */
    public int fittedRows(int rows) {
        return (int) (rows * (1 - validationShare));
    }
}
