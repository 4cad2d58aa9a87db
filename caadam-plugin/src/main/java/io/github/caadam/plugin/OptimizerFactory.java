// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import java.util.Map;

/**
 * An optimizer that a study can name.
 *
 * @since 0.1.0
 */
public interface OptimizerFactory extends Named {

    /** The option that is the base of the learning-rate schedule; every optimizer has it. */
    String LEARNING_RATE = "learning-rate";

    /**
     * Builds the optimizer for one training. It takes its learning rate from {@link
     * TrainingContext#learningRate}, which starts at the option {@value #LEARNING_RATE}. It is
     * closed after the training if it is {@link AutoCloseable}.
     *
     * @param context what is trained
     * @param options the options that the study gives
     * @return a new optimizer
     * @throws IllegalArgumentException if the options do not go together
     */
    Optimizer create(TrainingContext context, Options options);

    /**
     * Returns how tables name the optimizer where the study gives it no label.
     *
     * @return the name to print, such as {@code SGD}
     */
    default String title() {
        return name();
    }

    /**
     * Returns what distinguishes the optimizer from others of its title, as one word.
     *
     * @return the word, such as {@code depth}; {@code none} where the title says all
     */
    default String variant() {
        return "none";
    }

    /**
     * Returns how tables print an option that a study sets for one row; a learning rate is {@code
     * lr=0.01} in all of them.
     *
     * @param option its name
     * @param value its value, as a study writes it
     * @return a text without blanks around it, such as {@code beta=0.9}
     */
    default String print(String option, Object value) {
        return option + "=" + value;
    }

    /**
     * Returns how many batches the optimizer takes for a step, so that schedules and counts are of
     * steps.
     *
     * @param options the options that the study gives
     * @return the number, 1 or more
     */
    default int batchesPerStep(Options options) {
        return 1;
    }

    /**
     * Returns whether the optimizer draws factors on the learning rate from a run's seed.
     *
     * @param options the options that the study gives
     * @return whether {@link #drawnFactors} has something to say
     */
    default boolean drawsFactors(Options options) {
        return false;
    }

    /**
     * Returns the factors on the learning rate that a run drew from its seed, for its record.
     *
     * @param block the network, initialized
     * @param seed the seed of the run
     * @param options the options that the study gives
     * @return the factors by the path of the parameter
     */
    default Map<String, Double> drawnFactors(Block block, int seed, Options options) {
        return Map.of();
    }
}
