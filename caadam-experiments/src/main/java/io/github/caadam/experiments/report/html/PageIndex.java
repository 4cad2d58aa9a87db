// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the page shows, numbered: groups of runs, the problems of all groups, and configurations
 * with their labels and colours.
 */
public final class PageIndex {

    private final List<RunGroup> groups;
    private final List<Place> places = new ArrayList<>();
    private final Map<Configuration, String> colors;
    private final List<Configuration> configurations;
    private final List<Configuration> run;

    /** A problem of a group. */
    private record Place(RunGroup group, Problem problem) {}

    PageIndex(List<RunGroup> groups) {
        this.groups = List.copyOf(groups);
        Set<Configuration> all = new HashSet<>();
        for (RunGroup group : groups) {
            group.problems().forEach(problem -> places.add(new Place(group, problem)));
            all.addAll(group.configurations());
        }
        colors =
                groups.isEmpty()
                        ? new LinkedHashMap<>()
                        : new LinkedHashMap<>(groups.get(0).form().colors());
        Set<Configuration> drawn = new HashSet<>(all);
        all.forEach(one -> drawn.add(one.withoutLearningRate()));
        colors.keySet().retainAll(drawn);
        configurations = List.copyOf(colors.keySet());
        run = configurations.stream().filter(all::contains).toList();
    }

    List<RunGroup> groups() {
        return groups;
    }

    /** All that have a colour: what was run, and the same without its learning rate. */
    List<Configuration> configurations() {
        return configurations;
    }

    /** What was run. */
    List<Configuration> run() {
        return run;
    }

    boolean isOneGroup() {
        return groups.size() == 1;
    }

    boolean haveSeveralProtocols() {
        return groups.stream().map(RunGroup::protocol).distinct().count() > 1;
    }

    /** The style sheet's rules for the classes of {@link #css}. */
    String colorRules() {
        return PageColors.css(List.copyOf(colors.values()));
    }

    int indexOf(Configuration configuration) {
        return configurations.indexOf(configuration);
    }

    int indexOf(RunGroup group, Problem problem) {
        return places.indexOf(new Place(group, problem));
    }

    /**
     * Returns the class that has the colour of a configuration.
     *
     * @param configuration the configuration
     * @return the class of the style sheet
     */
    public String css(Configuration configuration) {
        return "k" + indexOf(configuration);
    }

    /** What the runs of a group have in common, where the page has several. */
    String heading(RunGroup group) {
        if (groups.size() == 1) {
            return "Curves and tables";
        }
        Problem any = group.problems().get(0);
        String protocol = group.runs(any, group.configurations(any).get(0)).get(0).protocol();
        return String.join(", ", group.datasets())
                + (protocol.isEmpty() ? "" : " (" + protocol + ")")
                + ": "
                + group.measure().title();
    }

    /**
     * Returns what the page calls a problem.
     *
     * @param group the runs
     * @param problem one of the group's
     * @return the network, with the data set and the group where the page has several
     */
    public String label(RunGroup group, Problem problem) {
        long datasets = places.stream().map(place -> place.problem().dataset()).distinct().count();
        String label =
                datasets == 1
                        ? problem.architecture()
                        : problem.dataset() + " " + problem.architecture();
        boolean repeated =
                places.stream().filter(place -> place.problem().equals(problem)).count() > 1;
        if (!repeated) {
            return label;
        }
        boolean oneMetric = groups.stream().map(RunGroup::metric).distinct().count() == 1;
        return label + " (" + (oneMetric ? group.protocol() : heading(group)) + ")";
    }
}
