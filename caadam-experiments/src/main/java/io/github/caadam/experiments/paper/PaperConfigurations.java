// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.RunGroup;
import java.util.List;
import java.util.regex.Pattern;

/** The configurations that the paper compares, and what they are compared with here. */
final class PaperConfigurations {

    /** What the paper compares the others with. */
    static final Configuration ADAM = new Configuration("Adam", "none");

    /** Adam at its own best learning rate. */
    static final Configuration TUNED_ADAM = new Configuration("Adam", "none tuned");

    static final String CAADAM = "CaAdam";

    /** The seven of the paper, in its order. */
    static final List<Configuration> PAPER =
            List.of(
                    ADAM,
                    new Configuration("AdamW", "none"),
                    new Configuration("Adamax", "none"),
                    new Configuration("Nadam", "none"),
                    new Configuration(CAADAM, "additive"),
                    new Configuration(CAADAM, "multiplicative"),
                    new Configuration(CAADAM, "depth"));

    /** A strategy, what is done to its factors if anything, and options. */
    private static final Pattern STRATEGY =
            Pattern.compile(
                    "^(\\S+)(?: (?:averaged|shuffled:\\d+|reversed|weights-only|vectors-only))?"
                            + "((?: .*)?)$");

    private PaperConfigurations() {}

    /**
     * Returns a configuration with its factors averaged: Adam at the strategy's mean learning rate,
     * whatever is done to the factors here.
     */
    static Configuration averaged(Configuration configuration) {
        return new Configuration(
                configuration.optimizer(),
                STRATEGY.matcher(configuration.strategy()).replaceFirst("$1 averaged$2"));
    }

    /** Compares every configuration with Adam, whatever the study's own baseline is. */
    static List<Improvement> overAdam(RunGroup group) {
        return Improvement.over(group, configuration -> List.of(ADAM));
    }

    /**
     * Compares every configuration of a group with the Adam that it has to beat to owe anything to
     * structure: Adam at the mean learning rate of the configuration's strategy (its factors
     * averaged), or on problems without such runs Adam at its own best learning rate. Problems that
     * have neither are left out.
     *
     * @param group the group
     * @return the comparisons, by problem and configuration
     */
    static List<Improvement> overFairAdam(RunGroup group) {
        return Improvement.over(
                group, configuration -> List.of(averaged(configuration), TUNED_ADAM));
    }
}
