// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.Option;
import java.util.List;

/**
 * A key of the study format.
 *
 * @param name the key
 * @param description what it says, in one or two sentences
 * @param required whether it must be given
 * @param value what its value may be
 */
record FormatKey(String name, String description, boolean required, Value value) {

    /** What a value may be. */
    sealed interface Value {}

    /**
     * A single value or a list of them.
     *
     * @param option its type and range
     */
    record Plain(Option<?> option) implements Value {}

    /**
     * A map of keys.
     *
     * @param keys the keys
     * @param word what may stand in its place, such as {@code none}; empty for nothing
     */
    record Nested(List<FormatKey> keys, String word) implements Value {}

    /**
     * A component.
     *
     * @param kind its kind
     */
    record OneComponent(Kind kind) implements Value {}

    /**
     * A list of components.
     *
     * @param kind their kind
     * @param rows whether they may have labels, grids, seeds and what is tuned
     */
    record Components(Kind kind, boolean rows) implements Value {}

    /**
     * Numbers by name: of validation loss or of a metric.
     *
     * @param description what they are
     */
    record NumbersByName(String description) implements Value {}

    /**
     * A list of words.
     *
     * @param known what each may be
     */
    record Words(List<String> known) implements Value {}

    /** Values for options of every optimizer that has them. */
    record OptimizerDefaults() implements Value {}

    static FormatKey of(Option<?> option) {
        return new FormatKey(
                option.name(), option.description(), option.isRequired(), new Plain(option));
    }

    FormatKey asRequired() {
        return new FormatKey(name, description, true, value);
    }
}
