// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.SafeName;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.plugin.ModelFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The nodes of a file, made a study. */
final class StudyFile {

    private static final String MODELS = "models";
    private static final String OPTIMIZERS = "optimizers";
    private static final String SEEDS = "seeds";

    private final YamlNode root;
    private final YamlNode.Keys keys;
    private final ComponentNodes components;

    StudyFile(YamlNode root, Catalog catalog, Path folder) throws IOException {
        this.root = root;
        if (!root.has("format")) {
            throw root.fault(
                    "a study says \"format: 1\"; this is none, or one of before, whose keys were"
                            + " others: see docs/studies.md");
        }
        keys = root.map("a study", StudyFormat.names(StudyFormat.STUDY));
        YamlNode format = keys.require("format");
        if (format.whole("\"format\"", 1) != StudyFormat.VERSION) {
            throw format.mustBe(
                    "\"format\"", StudyFormat.VERSION + ", the only one that this version reads");
        }
        components = new ComponentNodes(catalog, folder);
    }

    Study study() throws IOException {
        YamlNode nameNode = keys.require("name");
        String name = nameNode.text("the name");
        nameNode.locating(() -> new SafeName(name));
        YamlNode dataNodes = keys.require("data");
        YamlNode modelNodes = keys.require(MODELS);
        YamlNode optimizerNodes = keys.require(OPTIMIZERS);
        YamlNode protocolNode = keys.require("protocol");
        int seeds = keys.require(SEEDS).whole("the number of seeds", 1);
        List<Part> data = data(dataNodes);
        List<Part> models = models(modelNodes, seeds);
        Protocol protocol = new ProtocolNode(components, name).protocol(protocolNode);
        Rows rows = new Rows(components, keys.find("optimizer-defaults"), seeds);
        List<Configuration> optimizers = rows.read(optimizerNodes);
        Optional<Tuning> tuning = tuning(optimizers);
        CompareNode compareNode = new CompareNode(components, optimizers, keys.find("compare"));
        Measures measures = compareNode.measures();
        CompareSettings compare = compareNode.settings(measures, keys.find("titles"));
        String description = text("description");
        String reductions = reductions(protocol, models);
        Execution execution = execution();
        return root.locating(
                () ->
                        new Study(
                                name,
                                description,
                                data,
                                models,
                                optimizers,
                                protocol,
                                seeds,
                                tuning,
                                Map.of(),
                                Map.of(),
                                measures,
                                compare,
                                reductions,
                                execution));
    }

    /** Returns a text that may be left out, and is then empty. */
    private String text(String key) throws IOException {
        Optional<YamlNode> node = keys.find(key);
        return node.isPresent() ? node.get().text("\"" + key + "\"") : "";
    }

    private List<Part> data(YamlNode nodes) throws IOException {
        List<Part> parts = new ArrayList<>();
        Map<String, Component> labels = new HashMap<>();
        for (YamlNode node : nodes.list("the data")) {
            ComponentNodes.Written written = components.read(Kind.DATA, node, List.of());
            Component component = written.component(Map.of());
            String label = written.label().orElse(ComponentNodes.shortName(component));
            requireOne(labels, label, component, node);
            parts.add(new Part(component, label, component.reference(), OptionalInt.empty()));
        }
        return parts;
    }

    private List<Part> models(YamlNode nodes, int seeds) throws IOException {
        List<Part> parts = new ArrayList<>();
        Map<String, Component> labels = new HashMap<>();
        for (YamlNode node : nodes.list("the models")) {
            ComponentNodes.Written written =
                    components.read(Kind.MODEL, node, List.of("grid", SEEDS));
            OptionalInt fewer = ComponentNodes.fewer(written.keys(), seeds);
            for (Map<String, Object> point : Grid.of(written.find("grid"), written)) {
                Component component = written.component(point);
                String label =
                        ComponentNodes.label(
                                written.label()
                                        .orElse(component.factory(ModelFactory.class).title()),
                                written.label().isPresent() ? Map.of() : written.options(),
                                point);
                requireOne(labels, label, component, node);
                parts.add(new Part(component, label, component.reference(), fewer));
            }
        }
        return parts;
    }

    private static void requireOne(
            Map<String, Component> labels, String label, Component component, YamlNode node)
            throws IOException {
        Component same = labels.putIfAbsent(label, component);
        if (same != null && !same.toJson().equals(component.toJson())) {
            throw node.fault(
                    "two of the study's are called " + label + "; give one another \"label\"");
        }
    }

    private Optional<Tuning> tuning(List<Configuration> optimizers) throws IOException {
        Optional<YamlNode> node = keys.find("tuning");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (optimizers.stream().noneMatch(Configuration::isTuned)) {
            throw node.get().fault("\"tuning\" is for optimizers with \"tune\", and there is none");
        }
        YamlNode.Keys given = node.get().map("\"tuning\"", StudyFormat.names(StudyFormat.TUNING));
        Optional<YamlNode> by = given.find("by");
        if (by.isPresent() && !by.get().text("\"by\"").equals("validation-loss")) {
            throw by.get().mustBe("\"by\"", "validation-loss");
        }
        return Optional.of(new Tuning(given.require(SEEDS).whole("\"seeds\"", 1)));
    }

    private Execution execution() throws IOException {
        Optional<YamlNode> node = keys.find("execution");
        if (node.isEmpty()) {
            return Execution.COMPILED;
        }
        String label = node.get().text("\"execution\"");
        return node.get().locating(() -> Execution.byLabel(label));
    }

    private String reductions(Protocol protocol, List<Part> models) throws IOException {
        List<String> reduced = new ArrayList<>();
        String named = text("reductions");
        if (!named.isEmpty()) {
            reduced.add(named);
        }
        if (protocol.trainRows() > 0) {
            reduced.add("the first " + protocol.trainRows() + " training rows only");
        }
        models.stream()
                .filter(model -> model.seeds().isPresent())
                .map(model -> "at most " + model.seeds().getAsInt() + " seeds on " + model.name())
                .forEach(reduced::add);
        return reduced.stream().collect(Collectors.joining("; "));
    }
}
