// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.RunRow;

/**
 * What is compared: an optimizer with its scaling strategy and options, as {@code runs.csv} names
 * it.
 *
 * @param optimizer the optimizer
 * @param strategy the scaling strategy, {@code none} for an optimizer that does not scale, with
 *     what is done to its factors and the options that differ from the study's defaults behind it,
 *     such as {@code none lr=0.005} or {@code depth averaged convention=paper}
 */
public record Configuration(String optimizer, String strategy) {

    private static final String NONE = "none";

    /**
     * Returns what a run was of.
     *
     * @param run the run
     * @return its configuration
     */
    public static Configuration of(RunRow run) {
        return new Configuration(run.optimizer(), run.strategy());
    }

    /**
     * Returns the name to print.
     *
     * @return the optimizer, the strategy if it has one, and options
     */
    public String label() {
        return CompareSettings.label(optimizer, strategy);
    }

    /**
     * Returns whether the optimizer scales its learning rate by parameter.
     *
     * @return whether there is a strategy
     */
    public boolean scales() {
        return !isPlain() && !strategy.startsWith(NONE + " ");
    }

    /** Whether there is nothing but an optimizer: no strategy, no option. */
    boolean isPlain() {
        return strategy.equals(NONE);
    }

    /**
     * Returns this configuration without its learning rate, so that those that differ in nothing
     * else are the same.
     *
     * @return the configuration at the learning rate that the study gives by default
     */
    public Configuration withoutLearningRate() {
        return new Configuration(optimizer, strategy.replaceFirst(" lr=\\S+", ""));
    }
}
