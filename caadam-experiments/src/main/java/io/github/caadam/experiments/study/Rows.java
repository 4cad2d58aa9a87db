// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.Option;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The rows of a study: its optimizers with grids unfolded. */
final class Rows {

    private static final String GRID = "grid";
    private static final String TUNE = "tune";
    private static final String AS = "as";

    private final ComponentNodes components;
    private final Optional<YamlNode> defaults;
    private final int seeds;
    private final Set<String> usedDefaults = new HashSet<>();
    private final List<Configuration> rows = new ArrayList<>();
    private final List<Borrowed> borrowed = new ArrayList<>();

    /** A row that takes over what is chosen for another one, which may stand behind it. */
    private record Borrowed(
            int index,
            YamlNode as,
            ComponentNodes.Written written,
            RowNames names,
            Map<String, Object> given,
            Set<String> always,
            OptionalInt fewer) {}

    /**
     * Creates the rows.
     *
     * @param components what reads components
     * @param defaults the options that all optimizers have that know them
     * @param seeds the study's number of seeds
     */
    Rows(ComponentNodes components, Optional<YamlNode> defaults, int seeds) {
        this.components = components;
        this.defaults = defaults;
        this.seeds = seeds;
    }

    List<Configuration> read(YamlNode nodes) throws IOException {
        for (YamlNode node : nodes.list("the optimizers")) {
            add(components.read(Kind.OPTIMIZER, node, List.of(GRID, TUNE, "seeds")));
        }
        if (defaults.isPresent()) {
            for (Map.Entry<String, YamlNode.Entry> one :
                    defaults.get().entries("\"optimizer-defaults\"").entrySet()) {
                if (!usedDefaults.contains(one.getKey())) {
                    throw one.getValue()
                            .place()
                            .fault("no optimizer of the study has the option " + one.getKey());
                }
            }
        }
        for (Borrowed one : borrowed) {
            lend(one);
        }
        return List.copyOf(rows);
    }

    private Map<String, Object> defaults(ComponentNodes.Written written) throws IOException {
        Map<String, Object> known = new HashMap<>();
        if (defaults.isEmpty()) {
            return known;
        }
        for (Map.Entry<String, YamlNode.Entry> one :
                defaults.get().entries("\"optimizer-defaults\"").entrySet()) {
            for (Option<?> option : written.factory().options()) {
                if (option.name().equals(one.getKey())) {
                    known.put(option.name(), written.value(option, one.getValue().value()));
                    usedDefaults.add(option.name());
                }
            }
        }
        return known;
    }

    private void add(ComponentNodes.Written written) throws IOException {
        OptionalInt fewer = ComponentNodes.fewer(written.keys(), seeds);
        RowNames names =
                new RowNames(
                        components.catalog(),
                        written.source(),
                        written.reference(),
                        written.label(),
                        defaults(written));
        Optional<YamlNode> tune = written.find(TUNE);
        for (Map<String, Object> point : Grid.of(written.find(GRID), written)) {
            Map<String, Object> given = new LinkedHashMap<>(written.options());
            given.putAll(point);
            if (tune.isEmpty()) {
                rows.add(fixed(written, names, given, point.keySet(), fewer));
            } else if (tune.get().has(AS)) {
                YamlNode as = tune.get().map("\"tune\"", AS).require(AS);
                borrowed.add(
                        new Borrowed(
                                rows.size(), as, written, names, given, point.keySet(), fewer));
                rows.add(null);
            } else {
                Tuner tuner = tuner(written, names, given, point.keySet(), tune.get());
                rows.add(tuned(written, names, given, point.keySet(), fewer, tuner, ""));
            }
        }
    }

    /** Reads what is tried; a single number is tried from the lowest on. */
    private static Tuner tuner(
            ComponentNodes.Written written,
            RowNames names,
            Map<String, Object> given,
            Set<String> always,
            YamlNode tune)
            throws IOException {
        List<Map<String, Object>> points = new ArrayList<>(Grid.of(Optional.of(tune), written));
        Set<String> tried = points.get(0).keySet();
        for (String option : tried) {
            if (always.contains(option)) {
                throw tune.fault("\"" + option + "\" is in the grid and is tuned, too");
            }
        }
        if (tried.size() == 1) {
            String option = tried.iterator().next();
            if (points.stream().allMatch(point -> point.get(option) instanceof Number)) {
                points.sort(
                        Comparator.comparingDouble(
                                point -> ((Number) point.get(option)).doubleValue()));
            }
        }
        Set<String> printed = new LinkedHashSet<>(always);
        printed.addAll(tried);
        List<Tuner.Candidate> candidates = new ArrayList<>();
        for (Map<String, Object> point : new LinkedHashSet<>(points)) {
            Map<String, Object> all = new LinkedHashMap<>(given);
            all.putAll(point);
            candidates.add(
                    new Tuner.Candidate(
                            point, fixed(written, names, all, printed, OptionalInt.empty())));
        }
        String name =
                tuned(written, names, given, always, tried, candidates.get(0), "tuned").name();
        return tune.locating(() -> new Tuner(name, candidates));
    }

    private static Configuration tuned(
            ComponentNodes.Written written,
            RowNames names,
            Map<String, Object> given,
            Set<String> always,
            OptionalInt fewer,
            Tuner tuner,
            String as)
            throws IOException {
        Tuner.Candidate first = tuner.candidates().get(0);
        Configuration row =
                tuned(
                        written,
                        names,
                        given,
                        always,
                        first.options().keySet(),
                        first,
                        as.isEmpty() ? "tuned" : "tuned-as=" + as);
        return new Configuration(
                row.component(),
                row.optimizer(),
                row.strategy(),
                row.name(),
                fewer,
                Optional.of(tuner),
                as);
    }

    private static Configuration tuned(
            ComponentNodes.Written written,
            RowNames names,
            Map<String, Object> given,
            Set<String> always,
            Set<String> tried,
            Tuner.Candidate first,
            String tuning)
            throws IOException {
        Map<String, Object> all = new LinkedHashMap<>(given);
        all.putAll(first.options());
        Component component = written.node().locating(() -> names.component(all));
        List<String> parts = names.parts(component, given, always, tried, tuning);
        return new Configuration(
                component,
                names.optimizer(component),
                names.strategy(component, parts),
                names.name(parts),
                OptionalInt.empty(),
                Optional.empty(),
                "");
    }

    private void lend(Borrowed one) throws IOException {
        String as = one.as().text("\"as\"");
        List<Configuration> lenders =
                rows.stream()
                        .filter(row -> row != null && row.tunedAs().isEmpty() && row.isTuned())
                        .filter(row -> row.isNamed(as))
                        .toList();
        if (lenders.size() != 1) {
            throw one.as()
                    .fault(
                            (lenders.isEmpty()
                                            ? "no optimizer with \"tune\" is called "
                                            : "several optimizers with \"tune\" are called ")
                                    + as
                                    + "; there are "
                                    + rows.stream()
                                            .filter(row -> row != null && row.isTuned())
                                            .map(Configuration::name)
                                            .toList());
        }
        Tuner tuner = lenders.get(0).tuner().orElseThrow();
        for (String option : tuner.candidates().get(0).options().keySet()) {
            if (one.written().factory().options().stream()
                    .noneMatch(known -> known.name().equals(option))) {
                throw one.as()
                        .fault(
                                one.written().reference()
                                        + " has no option "
                                        + option
                                        + ", which is chosen for "
                                        + as);
            }
        }
        rows.set(
                one.index(),
                tuned(
                        one.written(),
                        one.names(),
                        one.given(),
                        one.always(),
                        one.fewer(),
                        tuner,
                        as));
    }

    private static Configuration fixed(
            ComponentNodes.Written written,
            RowNames names,
            Map<String, Object> given,
            Set<String> always,
            OptionalInt fewer)
            throws IOException {
        Component component = written.node().locating(() -> names.component(given));
        List<String> parts = names.parts(component, given, always, Set.of(), "");
        return new Configuration(
                component,
                names.optimizer(component),
                names.strategy(component, parts),
                names.name(parts),
                fewer,
                Optional.empty(),
                "");
    }
}
