// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.experiments.study.Labels;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The suite's components and studies, for tests. */
public final class Suite {

    /** What the suite has. */
    public static final Catalog CATALOG = Catalog.ofSuite();

    /** The paper's protocols, as their studies write them. */
    public static final Protocol PAPER = study("california-paper").protocol();

    /** As {@link #PAPER}. */
    public static final Protocol NOTEBOOK = study("california-notebook").protocol();

    /** As {@link #PAPER}. */
    public static final Protocol NOTEBOOK_IMAGES = study("images-notebook").protocol();

    private static final Map<String, Object> PAPER_DEFAULTS =
            Map.of(
                    "learning-rate",
                    0.001,
                    "epsilon",
                    1e-8,
                    "epsilon-placement",
                    "bias-corrected",
                    "convention",
                    "paper");
    private static final Map<String, Object> NOTEBOOK_DEFAULTS =
            Map.of(
                    "learning-rate",
                    0.001,
                    "epsilon",
                    1e-7,
                    "epsilon-placement",
                    "uncorrected",
                    "convention",
                    "reference");

    private Suite() {}

    /** Reads a study. */
    public static Study study(String nameOrFile) {
        try {
            return StudyReader.read(nameOrFile, CATALOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Finds a model. */
    public static Component model(String name) {
        return CATALOG.named(Kind.MODEL, name, Map.of());
    }

    /** Finds what a model was made for. */
    public static DataSignature example(Component model) {
        return model.factory(ModelFactory.class).example().orElseThrow();
    }

    /** Builds a model for what it was made for. */
    public static Block block(String name, int seed) {
        DataSignature example = example(model(name));
        return block(name, example.sampleShape(), example.outputs(), seed);
    }

    /** Builds a model. */
    public static Block block(String name, Shape input, int outputs, int seed) {
        Component model = model(name);
        DataSignature data =
                new DataSignature(
                        outputs == 1 ? Task.REGRESSION : Task.CLASSIFICATION,
                        input,
                        outputs,
                        TargetScale.NONE);
        try {
            return model.factory(ModelFactory.class).create(data, seed, model.options());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Finds an optimizer with what the studies of a protocol of the paper give all of them. */
    public static Component optimizer(String name, Protocol protocol) {
        return optimizer(name, protocol, Map.of());
    }

    /** As {@link #optimizer}, with options. */
    public static Component optimizer(String name, Protocol protocol, Map<String, Object> options) {
        Map<String, Object> given = new HashMap<>();
        Map<String, Object> defaults =
                protocol.name().startsWith("notebook") ? NOTEBOOK_DEFAULTS : PAPER_DEFAULTS;
        List<String> known =
                CATALOG.entry(Kind.OPTIMIZER, name).factory().options().stream()
                        .map(Option::name)
                        .toList();
        defaults.forEach(
                (option, value) -> {
                    if (known.contains(option)) {
                        given.put(option, value);
                    }
                });
        if (name.startsWith("caadam:relative-step")) {
            given.remove("learning-rate"); // Theirs is relative to 1.
        }
        given.putAll(options);
        return CATALOG.named(Kind.OPTIMIZER, name, given);
    }

    /** All optimizers of the paper, with all strategies. */
    public static List<String> optimizers() {
        return List.of(
                "adam",
                "adamw",
                "adamax",
                "nadam",
                "caadam:additive",
                "caadam:multiplicative",
                "caadam:multiplicative-signed",
                "caadam:depth",
                "caadam:fan-in",
                "caadam:network-size",
                "caadam:log-normal",
                "caadam:gradient-concentration",
                "caadam:relative-step",
                "caadam:relative-step-at-start");
    }

    /** A protocol with another number of epochs. */
    public static Protocol withEpochs(Protocol from, int epochs) {
        return new Protocol(
                from.name(),
                from.batchSize(),
                epochs,
                from.trainRows(),
                from.validation(),
                from.stopping(),
                from.schedule(),
                from.sharedWeights(),
                from.weightsSeed(),
                from.loss(),
                from.l2(),
                from.monitor());
    }

    /** A protocol with another batch size. */
    public static Protocol withBatchSize(Protocol from, int batchSize) {
        return new Protocol(
                from.name(),
                batchSize,
                from.epochs(),
                from.trainRows(),
                from.validation(),
                from.stopping(),
                from.schedule(),
                from.sharedWeights(),
                from.weightsSeed(),
                from.loss(),
                from.l2(),
                from.monitor());
    }

    /** A protocol that monitors a metric. */
    public static Protocol monitoring(Protocol from, Component metric) {
        return new Protocol(
                from.name(),
                from.batchSize(),
                from.epochs(),
                from.trainRows(),
                from.validation(),
                from.stopping(),
                from.schedule(),
                from.sharedWeights(),
                from.weightsSeed(),
                from.loss(),
                from.l2(),
                Optional.of(metric));
    }

    /** Loads data. */
    public static DataSplit data(String name, DataContext directories) throws IOException {
        Component data = CATALOG.named(Kind.DATA, name, Map.of());
        return data.factory(DataSource.class).load(directories, data.options());
    }

    /** Generates Friedman's first problem. */
    public static DataSplit friedman() {
        try {
            return data("friedman1", DataDirectories.of(Optional.empty()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run on Friedman's first problem. */
    public static RunSpec run(
            String model, Component optimizer, Protocol protocol, int seed, Execution execution) {
        Component network = model(model);
        OptimizerFactory factory = optimizer.factory(OptimizerFactory.class);
        return new RunSpec(
                CATALOG.named(Kind.DATA, "friedman1", Map.of()),
                network,
                optimizer,
                protocol,
                seed,
                execution,
                Measures.NONE,
                new Labels(
                        "friedman1",
                        network.factory(ModelFactory.class).title(),
                        factory.title(),
                        factory.variant(),
                        ""));
    }
}
