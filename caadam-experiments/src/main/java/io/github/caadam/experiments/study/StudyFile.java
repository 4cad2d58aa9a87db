// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.experiments.dataset.ExperimentDataset;
import io.github.caadam.experiments.model.Mlp;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.results.SafeName;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.plugin.Task;
import io.github.caadam.structure.StructureConvention;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The nodes of a file, made a study. */
final class StudyFile {

    private static final String LEARNING_RATE = "learning-rate";
    private static final String TUNED = "tuned";
    private static final String TUNED_AS = "tuned-as";

    private final YamlNode root;
    private final YamlNode.Keys keys;
    private final List<ModelSpec> models = new ArrayList<>();
    private final Map<ModelSpec, Integer> fewerRuns = new LinkedHashMap<>();
    private final List<OptimizerSpec> optimizers = new ArrayList<>();
    private final Map<OptimizerSpec, Integer> fewerOptimizerRuns = new LinkedHashMap<>();

    StudyFile(YamlNode root) throws IOException {
        this.root = root;
        keys =
                root.map(
                        "a study",
                        "name",
                        "description",
                        "dataset",
                        "datasets",
                        "models",
                        "optimizers",
                        "protocol",
                        "max-epochs",
                        "train-rows",
                        "execution",
                        "tune",
                        "runs",
                        "reductions");
    }

    Study study() throws IOException {
        YamlNode nameNode = keys.require("name");
        String name = nameNode.text("the name");
        nameNode.locating(() -> new SafeName(name));
        List<String> datasets = datasets();
        YamlNode modelNodes = keys.require("models");
        YamlNode optimizerNodes = keys.require("optimizers");
        YamlNode protocolNode = keys.require("protocol");
        String protocolName = protocolNode.text("the protocol");
        Protocol full = protocolNode.locating(() -> Protocol.byName(protocolName));
        Protocol used = limited(full);
        int runs = keys.require("runs").whole("the number of runs", 1);
        for (YamlNode node : modelNodes.list("the models")) {
            addModel(node, datasets, runs);
        }
        for (YamlNode node : optimizerNodes.list("the optimizers")) {
            addOptimizer(node, used, runs);
        }
        Optional<Tuning> tuning = tuning();
        String description = text("description");
        String reductions = reductions(full, used);
        Execution execution = execution();
        return root.locating(
                () ->
                        new Study(
                                name,
                                description,
                                datasets,
                                models,
                                optimizers,
                                used,
                                runs,
                                fewerRuns,
                                fewerOptimizerRuns,
                                tuning,
                                Map.of(),
                                reductions,
                                execution));
    }

    /** Returns a text that may be left out, and is then empty. */
    private String text(String key) throws IOException {
        Optional<YamlNode> node = keys.find(key);
        return node.isPresent() ? node.get().text("\"" + key + "\"") : "";
    }

    private List<String> datasets() throws IOException {
        Optional<YamlNode> one = keys.find("dataset");
        Optional<YamlNode> several = keys.find("datasets");
        if (one.isPresent() && several.isPresent()) {
            throw several.get().fault("a study has \"dataset\" or \"datasets\", not both");
        }
        List<String> names = new ArrayList<>();
        List<YamlNode> nodes =
                several.isPresent()
                        ? several.get().list("the data sets")
                        : List.of(keys.require("dataset"));
        for (YamlNode node : nodes) {
            String name = node.text("a data set");
            node.locating(() -> DatasetRegistry.byName(name));
            names.add(name);
        }
        return names;
    }

    private Protocol limited(Protocol full) throws IOException {
        Protocol limited = full;
        Optional<YamlNode> epochs = keys.find("max-epochs");
        if (epochs.isPresent()) {
            limited = limited.withMaxEpochs(epochs.get().whole("\"max-epochs\"", 1));
        }
        Optional<YamlNode> rows = keys.find("train-rows");
        return rows.isPresent()
                ? limited.withTrainRows(rows.get().whole("\"train-rows\"", 1))
                : limited;
    }

    private Execution execution() throws IOException {
        Optional<YamlNode> node = keys.find("execution");
        if (node.isEmpty()) {
            return Execution.COMPILED;
        }
        String label = node.get().text("\"execution\"");
        return node.get().locating(() -> Execution.byLabel(label));
    }

    private void addModel(YamlNode node, List<String> datasets, int runs) throws IOException {
        YamlNode nameNode = node;
        if (!node.isScalar()) {
            YamlNode.Keys given = node.map("a model", "name", "runs");
            nameNode = given.require("name");
            addFewer(fewerRuns, given, model(nameNode), runs);
        }
        ModelSpec model = model(nameNode);
        for (String dataset : datasets) {
            requireFits(nameNode, model, DatasetRegistry.byName(dataset));
        }
        models.add(model);
    }

    private static ModelSpec model(YamlNode node) throws IOException {
        String name = node.text("a model");
        return node.locating(() -> ModelSpec.parse(name));
    }

    private static void requireFits(YamlNode node, ModelSpec network, ExperimentDataset data)
            throws IOException {
        boolean table = data.task() == Task.REGRESSION;
        if (table != network instanceof Mlp) {
            throw node.fault(
                    "the model "
                            + network.name()
                            + " cannot be trained on "
                            + data.name()
                            + (table
                                    ? ", a regression on a table; models for it are mlp:"
                                            + " followed by the units of the hidden layers"
                                    : ", a classification of images; the model for it is"
                                            + " resnet20"));
        }
    }

    private static <T> void addFewer(
            Map<T, Integer> fewerRuns, YamlNode.Keys given, T what, int others) throws IOException {
        Optional<YamlNode> node = given.find("runs");
        if (node.isPresent()) {
            int fewer = node.get().whole("\"runs\"", 1);
            if (fewer >= others) {
                throw node.get().mustBe("\"runs\"", "fewer than the study's " + others);
            }
            fewerRuns.put(what, fewer);
        }
    }

    private void addOptimizer(YamlNode node, Protocol protocol, int runs) throws IOException {
        if (node.isScalar()) {
            optimizers.add(optimizer(node, protocol));
            return;
        }
        YamlNode.Keys given =
                node.map(
                        "an optimizer",
                        "name",
                        "gamma",
                        "convention",
                        LEARNING_RATE,
                        "weight-decay",
                        "factors",
                        "runs");
        OptimizerSpec named = optimizer(given.require("name"), protocol);
        Double gamma = number(given, "gamma");
        StructureConvention convention = convention(given);
        Double decay = number(given, "weight-decay");
        Optional<YamlNode> rate = given.find(LEARNING_RATE);
        Double fixed =
                rate.isPresent() && rate.get().isNumber() ? number(given, LEARNING_RATE) : null;
        OptimizerSpec set = node.locating(() -> named.with(gamma, convention, fixed, decay));
        OptimizerSpec controlled = controlled(set, given);
        OptimizerSpec spec =
                rate.isEmpty() || fixed != null
                        ? controlled
                        : tuned(controlled, rate.get(), protocol);
        addFewer(fewerOptimizerRuns, given, spec, runs);
        optimizers.add(spec);
    }

    private static OptimizerSpec optimizer(YamlNode node, Protocol protocol) throws IOException {
        String name = node.text("an optimizer");
        return node.locating(() -> OptimizerSpec.parse(name, protocol));
    }

    private static Double number(YamlNode.Keys given, String key) throws IOException {
        Optional<YamlNode> node = given.find(key);
        return node.isPresent() ? node.get().number("\"" + key + "\"") : null;
    }

    private static StructureConvention convention(YamlNode.Keys given) throws IOException {
        Optional<YamlNode> node = given.find("convention");
        if (node.isEmpty()) {
            return null;
        }
        String name = node.get().text("\"convention\"");
        return Arrays.stream(StructureConvention.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> node.get().mustBe("\"convention\"", "paper or reference"));
    }

    private static OptimizerSpec controlled(OptimizerSpec spec, YamlNode.Keys given)
            throws IOException {
        Optional<YamlNode> node = given.find("factors");
        if (node.isEmpty()) {
            return spec;
        }
        String factors = node.get().text("\"factors\"");
        return node.get().locating(() -> spec.withFactors(FactorControl.parse(factors)));
    }

    private static OptimizerSpec tuned(OptimizerSpec spec, YamlNode rate, Protocol protocol)
            throws IOException {
        if (rate.is(TUNED)) {
            return spec.tunedTo(protocol.learningRate());
        }
        if (rate.isScalar()) {
            throw rate.mustBe(
                    "\"learning-rate\"",
                    "a number, " + TUNED + " or {" + TUNED_AS + ": OPTIMIZER}");
        }
        YamlNode other = rate.map("a learning rate", TUNED_AS).require(TUNED_AS);
        String name = other.text("\"" + TUNED_AS + "\"");
        return other.locating(() -> spec.tunedAs(name, protocol.learningRate()));
    }

    private Optional<Tuning> tuning() throws IOException {
        Optional<YamlNode> node = keys.find("tune");
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (optimizers.stream().noneMatch(OptimizerSpec::tuned)) {
            throw node.get()
                    .fault(
                            "\"tune\" says which learning rates are tried, but no optimizer has"
                                    + " learning-rate: tuned");
        }
        YamlNode.Keys given = node.get().map("\"tune\"", "learning-rates", "runs");
        List<Double> rates = new ArrayList<>();
        for (YamlNode rate : given.require("learning-rates").list("\"learning-rates\"")) {
            rates.add(rate.number("a learning rate"));
        }
        int runs = given.require("runs").whole("\"runs\"", 1);
        return Optional.of(node.get().locating(() -> new Tuning(rates, runs)));
    }

    private String reductions(Protocol full, Protocol used) throws IOException {
        List<String> reduced = new ArrayList<>();
        String named = text("reductions");
        if (!named.isEmpty()) {
            reduced.add(named);
        }
        if (used.trainRows() > 0) {
            reduced.add("the first " + used.trainRows() + " training rows only");
        }
        if (used.maxEpochs() < full.maxEpochs()) {
            reduced.add("at most " + used.maxEpochs() + " of " + full.maxEpochs() + " epochs");
        }
        fewerRuns.forEach(
                (network, fewer) ->
                        reduced.add("at most " + fewer + " seeds on " + network.name()));
        return String.join("; ", reduced);
    }
}
