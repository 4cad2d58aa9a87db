// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.ScheduleFactory;
import java.util.Arrays;
import java.util.List;

/** The kinds of component. */
public enum Kind {
    /** {@link DataSource}. */
    DATA("data", "data", DataSource.class),
    /** {@link ModelFactory}. */
    MODEL("model", "a model", ModelFactory.class),
    /** {@link OptimizerFactory}. */
    OPTIMIZER("optimizer", "an optimizer", OptimizerFactory.class),
    /** {@link MetricFactory}. */
    METRIC("metric", "a metric", MetricFactory.class),
    /** {@link ScheduleFactory}. */
    SCHEDULE("schedule", "a schedule", ScheduleFactory.class);

    private final String word;
    private final String noun;
    private final Class<? extends Named> factory;

    Kind(String word, String noun, Class<? extends Named> factory) {
        this.word = word;
        this.noun = noun;
        this.factory = factory;
    }

    /**
     * Finds a kind.
     *
     * @param word its word, such as {@code optimizer}
     * @return the kind
     * @throws IllegalArgumentException if there is none; the message lists the words
     */
    public static Kind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> unknown(word));
    }

    private static IllegalArgumentException unknown(String word) {
        List<String> words = Arrays.stream(values()).map(Kind::word).toList();
        String hint = Spelling.hint(word, words);
        return new IllegalArgumentException(
                "There is no kind of component \""
                        + word
                        + "\"; there are "
                        + String.join(", ", words)
                        + (hint.isEmpty() ? "." : hint));
    }

    /**
     * Returns the word that the command line and JSON use.
     *
     * @return such as {@code optimizer}
     */
    public String word() {
        return word;
    }

    /**
     * Returns the kind as a part of a sentence.
     *
     * @return such as {@code an optimizer}
     */
    public String noun() {
        return noun;
    }

    /**
     * Returns what components of the kind implement.
     *
     * @return the interface
     */
    public Class<? extends Named> factory() {
        return factory;
    }
}
