// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Component;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Data or a model of a study.
 *
 * @param component what it is
 * @param label what tables call it
 * @param name what filters call it, besides its label
 * @param seeds how many seeds it has where it has fewer than the others
 */
public record Part(Component component, String label, String name, OptionalInt seeds) {

    /** Checks that there is a component. */
    public Part {
        Objects.requireNonNull(component, "component");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(name, "name");
    }

    /**
     * Returns what messages call it.
     *
     * @return the name of a component that has one, as in {@code mlp:64-32}; else the label
     */
    public String printed() {
        return component.source() == Component.Source.NAME ? name : label;
    }

    boolean isNamed(String wanted) {
        return name.equals(wanted) || label.equals(wanted);
    }
}
