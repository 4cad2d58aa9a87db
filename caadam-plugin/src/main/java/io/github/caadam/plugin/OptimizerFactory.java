// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import ai.djl.training.optimizer.Optimizer;

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
}
