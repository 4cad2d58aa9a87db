// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.component.Spelling;
import io.github.caadam.experiments.metric.Measure;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.experiments.metric.Metrics;
import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a study says about how results are compared and shown. */
final class CompareNode {

    private final ComponentNodes components;
    private final List<Configuration> rows;
    private final Optional<YamlNode.Keys> keys;

    /**
     * Creates a reader.
     *
     * @param components what reads components
     * @param rows the study's rows
     * @param node what stands under {@code compare}
     */
    CompareNode(ComponentNodes components, List<Configuration> rows, Optional<YamlNode> node)
            throws IOException {
        this.components = components;
        this.rows = rows;
        keys =
                node.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                node.get()
                                        .map(
                                                "\"compare\"",
                                                StudyFormat.names(StudyFormat.COMPARE)));
    }

    private Optional<YamlNode> find(String key) {
        return keys.flatMap(given -> given.find(key));
    }

    /** Reads the metrics, that to compare by first. */
    Measures measures() throws IOException {
        List<Measure> measures = new ArrayList<>();
        Optional<YamlNode> metric = find("metric");
        if (metric.isPresent()) {
            measures.add(measure(metric.get()));
        }
        Optional<YamlNode> also = find("also");
        if (also.isPresent()) {
            if (metric.isEmpty()) {
                throw also.get().fault("\"also\" goes with \"metric\", the one to compare by");
            }
            for (YamlNode one : also.get().list("\"also\"")) {
                Measure measure = measure(one);
                if (measures.stream().anyMatch(other -> other.label().equals(measure.label()))) {
                    throw one.fault("the metric " + measure.label() + " stands there twice");
                }
                measures.add(measure);
            }
        }
        return new Measures(measures);
    }

    private Measure measure(YamlNode node) throws IOException {
        ComponentNodes.Written written = components.read(Kind.METRIC, node, List.of());
        Component component = written.component(Map.of());
        String label =
                written.label()
                        .orElse(
                                ComponentNodes.label(
                                        ComponentNodes.shortName(component),
                                        written.options(),
                                        Map.of()));
        return new Measure(label, component);
    }

    CompareSettings settings(Measures measures, Optional<YamlNode> titles) throws IOException {
        List<String> labels = measures.labels();
        Optional<YamlNode> baseline = find("baseline");
        Optional<YamlNode> published = find("published");
        return new CompareSettings(
                baseline.isPresent() ? row(baseline.get()).printed() : "",
                labels.isEmpty() ? "" : labels.get(0),
                labels.isEmpty() ? List.of() : labels.subList(1, labels.size()),
                margin(find("margin")),
                targets(find("targets"), labels),
                against(find("against")),
                published.isPresent() ? published.get().text("\"published\"") : "",
                titles(titles));
    }

    private Configuration row(YamlNode node) throws IOException {
        String label = node.text("\"baseline\"");
        List<Configuration> exact =
                rows.stream()
                        .filter(row -> row.name().equals(label) || row.printed().equals(label))
                        .toList();
        List<Configuration> found =
                exact.isEmpty() ? rows.stream().filter(row -> row.isNamed(label)).toList() : exact;
        // Rows of one label are one configuration, written twice, or are refused with the runs.
        if (found.stream().map(Configuration::label).distinct().count() != 1) {
            throw node.fault(
                    (found.isEmpty() ? "no row is called " : "several rows are called ")
                            + label
                            + "; there are "
                            + String.join(
                                    ", ",
                                    rows.stream().map(Configuration::name).distinct().toList()));
        }
        return found.get(0);
    }

    /** Returns the margin, or null for none. */
    private static Double margin(Optional<YamlNode> node) throws IOException {
        if (node.isEmpty()) {
            return null;
        }
        double margin = node.get().number("\"margin\"");
        if (!(margin > 0)) {
            throw node.get().mustBe("\"margin\"", "above 0");
        }
        return margin;
    }

    private static Map<String, List<Double>> targets(Optional<YamlNode> node, List<String> metrics)
            throws IOException {
        List<String> known = new ArrayList<>(List.of(CompareSettings.VALIDATION_LOSS));
        known.addAll(metrics.isEmpty() ? Metrics.usual() : metrics);
        Map<String, List<Double>> targets = new LinkedHashMap<>();
        if (node.isPresent()) {
            for (Map.Entry<String, YamlNode.Entry> one :
                    node.get().entries("\"targets\"").entrySet()) {
                Optional<String> unknown = unknown("targets", one.getKey(), known);
                if (unknown.isPresent()) {
                    throw one.getValue().place().fault(unknown.get());
                }
                List<Double> values = new ArrayList<>();
                for (YamlNode value : one.getValue().value().list("\"" + one.getKey() + "\"")) {
                    values.add(value.number("a target"));
                }
                targets.put(one.getKey(), values);
            }
        }
        return targets;
    }

    private static List<Effort> against(Optional<YamlNode> node) throws IOException {
        List<Effort> efforts = new ArrayList<>();
        if (node.isPresent()) {
            for (YamlNode one : node.get().list("\"against\"")) {
                String word = one.text("\"against\"");
                Optional<String> unknown = unknown("against", word, Effort.labels());
                if (unknown.isPresent()) {
                    throw one.fault(unknown.get());
                }
                efforts.add(Effort.byLabel(word).orElseThrow());
            }
        }
        return efforts;
    }

    /** What is wrong with a word, if anything is. */
    private static Optional<String> unknown(String key, String word, List<String> known) {
        return known.contains(word)
                ? Optional.empty()
                : Optional.of(
                        "\""
                                + key
                                + "\" can have "
                                + String.join(", ", known)
                                + ", found "
                                + word
                                + Spelling.hint(word, known));
    }

    private static Map<String, String> titles(Optional<YamlNode> node) throws IOException {
        Map<String, String> titles = new LinkedHashMap<>();
        if (node.isPresent()) {
            String[] tables = StudyFormat.names(StudyFormat.TITLES);
            YamlNode.Keys keys = node.get().map("\"titles\"", tables);
            for (String table : tables) {
                Optional<YamlNode> title = keys.find(table);
                if (title.isPresent()) {
                    titles.put(table, title.get().text("\"" + table + "\""));
                }
            }
        }
        return titles;
    }
}
