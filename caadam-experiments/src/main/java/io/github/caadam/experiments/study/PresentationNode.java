// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a study says about how results are compared and shown. */
final class PresentationNode {

    private final List<Configuration> rows;

    PresentationNode(List<Configuration> rows) {
        this.rows = rows;
    }

    Presentation read(Optional<YamlNode> compare, Optional<YamlNode> titles) throws IOException {
        Map<String, String> titled = titles(titles);
        if (compare.isEmpty()) {
            return new Presentation(
                    Optional.empty(), Optional.empty(), Map.of(), List.of(), titled);
        }
        YamlNode.Keys keys =
                compare.get().map(
                                "\"compare\"", "baseline", "margin", "targets", "against");
        Optional<YamlNode> baseline = keys.find("baseline");
        return new Presentation(
                baseline.isPresent() ? Optional.of(row(baseline.get())) : Optional.empty(),
                margin(keys.find("margin")),
                targets(keys.find("targets")),
                texts(keys.find("against")),
                titled);
    }

    private Configuration row(YamlNode node) throws IOException {
        String label = node.text("\"baseline\"");
        List<Configuration> exact =
                rows.stream().filter(row -> row.name().equals(label)).toList();
        List<Configuration> found =
                exact.isEmpty() ? rows.stream().filter(row -> row.isNamed(label)).toList() : exact;
        if (found.size() != 1) {
            throw node.fault(
                    (found.isEmpty() ? "no row is called " : "several rows are called ")
                            + label
                            + "; there are "
                            + String.join(", ", rows.stream().map(Configuration::name).toList()));
        }
        return found.get(0);
    }

    private static Optional<Double> margin(Optional<YamlNode> node) throws IOException {
        if (node.isEmpty()) {
            return Optional.empty();
        }
        double margin = node.get().number("\"margin\"");
        if (!(margin > 0)) {
            throw node.get().mustBe("\"margin\"", "above 0");
        }
        return Optional.of(margin);
    }

    private static Map<String, List<Double>> targets(Optional<YamlNode> node) throws IOException {
        Map<String, List<Double>> targets = new LinkedHashMap<>();
        if (node.isPresent()) {
            for (Map.Entry<String, YamlNode.Entry> one :
                    node.get().entries("\"targets\"").entrySet()) {
                List<Double> values = new ArrayList<>();
                for (YamlNode value : one.getValue().value().list("targets")) {
                    values.add(value.number("a target"));
                }
                targets.put(one.getKey(), values);
            }
        }
        return targets;
    }

    private static List<String> texts(Optional<YamlNode> node) throws IOException {
        List<String> texts = new ArrayList<>();
        if (node.isPresent()) {
            for (YamlNode one : node.get().list("\"against\"")) {
                texts.add(one.text("\"against\""));
            }
        }
        return texts;
    }

    private static Map<String, String> titles(Optional<YamlNode> node) throws IOException {
        Map<String, String> titles = new LinkedHashMap<>();
        if (node.isPresent()) {
            for (Map.Entry<String, YamlNode.Entry> one :
                    node.get().entries("\"titles\"").entrySet()) {
                titles.put(one.getKey(), one.getValue().value().text("a title"));
            }
        }
        return titles;
    }
}
