// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An optimizer with its scaling strategy, as the paper's tables name them. The natural order is the
 * paper's, with all others behind it by name.
 *
 * @param optimizer the optimizer, such as {@code CaAdam}
 * @param strategy the strategy, {@code none} for an optimizer that does not scale, with what is
 *     done to its factors and the options that differ from the protocol's behind it, such as {@code
 *     none lr=0.005} or {@code depth averaged convention=paper}
 */
public record Configuration(String optimizer, String strategy)
        implements Comparable<Configuration> {

    /** What the others are compared with. */
    public static final Configuration BASELINE = new Configuration("Adam", "none");

    /** Adam at its own best learning rate. */
    public static final Configuration TUNED_BASELINE = new Configuration("Adam", "none tuned");

    /** The seven of the paper, in its order. */
    public static final List<Configuration> PAPER =
            List.of(
                    BASELINE,
                    new Configuration("AdamW", "none"),
                    new Configuration("Adamax", "none"),
                    new Configuration("Nadam", "none"),
                    new Configuration("CaAdam", "additive"),
                    new Configuration("CaAdam", "multiplicative"),
                    new Configuration("CaAdam", "depth"));

    /** A strategy, what is done to its factors if anything, and options. */
    private static final Pattern STRATEGY =
            Pattern.compile(
                    "^(\\S+)(?: (?:averaged|shuffled:\\d+|reversed|weights-only|vectors-only))?"
                            + "((?: .*)?)$");

    private static final Comparator<Configuration> ORDER =
            Comparator.comparingInt(Configuration::paperPosition)
                    .thenComparing(Configuration::optimizer)
                    .thenComparing(Configuration::strategy);

    private int paperPosition() {
        int position = PAPER.indexOf(this);
        return position < 0 ? PAPER.size() : position;
    }

    /**
     * Returns the name to print.
     *
     * @return the optimizer, the strategy if it has one, and options
     */
    public String label() {
        return (optimizer + " " + strategy).replaceFirst(" none\\b", "");
    }

    /**
     * Returns this configuration without its learning rate, so that those that differ in nothing
     * else are the same.
     *
     * @return the configuration at the protocol's learning rate
     */
    public Configuration withoutLearningRate() {
        return new Configuration(optimizer, strategy.replaceFirst(" lr=\\S+", ""));
    }

    /**
     * Returns this configuration with its factors averaged: Adam at the strategy's mean learning
     * rate, whatever is done to the factors here.
     *
     * @return the configuration
     */
    public Configuration averaged() {
        return new Configuration(
                optimizer, STRATEGY.matcher(strategy).replaceFirst("$1 averaged$2"));
    }

    @Override
    public int compareTo(Configuration other) {
        return ORDER.compare(this, other);
    }
}
