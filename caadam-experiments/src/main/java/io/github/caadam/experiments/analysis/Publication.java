// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.RunRow;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A publication in whose form studies can be reported: its order of configurations, which also have
 * colours of their own, its baseline and the numbers of its tables. A {@link ServiceLoader} finds
 * it. A study names it by {@code compare: {published: NAME}}.
 *
 * @since 0.1.0
 */
public interface Publication {

    /**
     * Returns the name that studies give.
     *
     * @return the name
     */
    String name();

    /**
     * Returns whether runs whose study does not say so are reported in this form.
     *
     * @param runs the runs of a study, 1 or more
     * @return whether they are
     */
    boolean covers(List<RunRow> runs);

    /**
     * Returns the configurations that it compares, in its order.
     *
     * @return the configurations, 1 or more
     */
    List<Configuration> configurations();

    /**
     * Returns what it compares the others with.
     *
     * @return one of {@link #configurations}
     */
    Configuration baseline();

    /**
     * Returns what it calls a table.
     *
     * @param table which table
     * @param measure what the values of its runs are
     * @return the title and the name of its file
     */
    TableTitle heading(TableKind table, Measure measure);

    /**
     * Returns the unit of a metric whose runs do not say it.
     *
     * @param metric the metric
     * @return the unit; empty if there is none
     */
    default String unit(String metric) {
        return "";
    }

    /**
     * Returns the publications on the class path.
     *
     * @return the publications
     */
    static List<Publication> all() {
        return ServiceLoader.load(Publication.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * Finds the publication that a study is reported after.
     *
     * @param name the one that the study names; empty if it names none
     * @param runs the runs of the study
     * @return the one of that name, or without a name the first that covers the runs; none if there
     *     is no such one
     */
    static Optional<Publication> find(String name, List<RunRow> runs) {
        return all().stream()
                .filter(one -> name.isEmpty() ? one.covers(runs) : one.name().equals(name))
                .findFirst();
    }
}
