// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Component;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A row of a study: an optimizer with its options.
 *
 * @param component the optimizer; where options are tuned, they have any value until theirs was
 *     chosen
 * @param optimizer what tables call the optimizer
 * @param strategy what distinguishes the row from others of that optimizer: one word, {@code none}
 *     for most, and options
 * @param name what filters call it
 * @param seeds how many seeds it has where it has fewer than the others
 * @param tuner what chooses some of its options; empty if all are fixed
 * @param tunedAs whose choice it takes over, as the study names it; empty for its own
 */
public record Configuration(
        Component component,
        String optimizer,
        String strategy,
        String name,
        OptionalInt seeds,
        Optional<Tuner> tuner,
        String tunedAs) {

    /** Checks that nothing is missing. */
    public Configuration {
        Objects.requireNonNull(component, "component");
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tunedAs, "tunedAs");
    }

    /**
     * Returns whether some options are chosen by trying several.
     *
     * @return whether they are
     */
    public boolean isTuned() {
        return tuner.isPresent();
    }

    /**
     * Returns what tables call the row.
     *
     * @return the optimizer, and what distinguishes the row
     */
    public String label() {
        return optimizer + ":" + strategy;
    }

    /**
     * Returns what tables print for the row.
     *
     * @return the optimizer, and what distinguishes the row, without {@code none}
     */
    public String printed() {
        return (optimizer + " " + strategy).replaceFirst(" none\\b", "");
    }

    boolean isNamed(String wanted) {
        return component.reference().equals(wanted)
                || name.equals(wanted)
                || optimizer.equals(wanted)
                || printed().equals(wanted)
                || label().equals(wanted);
    }
}
