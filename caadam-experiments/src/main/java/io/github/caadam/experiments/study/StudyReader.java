// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.experiments.dataset.ExperimentDataset;
import io.github.caadam.experiments.dataset.Task;
import io.github.caadam.experiments.model.Mlp;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.structure.StructureConvention;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads studies from YAML. A file looks like
 *
 * <pre>
 * name: my-study
 * description: What it is for
 * dataset: california-housing
 * models:
 *   - mlp:64-32
 *   - {name: mlp:1024-256-64-16, runs: 5}      # optional, fewer seeds than the others
 * optimizers:
 *   - adam
 *   - {name: caadam:multiplicative, gamma: 2.0, convention: paper, learning-rate: 0.002}
 *   - {name: caadam:multiplicative, factors: averaged}      # see FactorControl
 * protocol: notebook
 * max-epochs: 50          # optional, counts as a reduction
 * train-rows: 5000        # optional, the first rows only, counts as a reduction
 * execution: eager        # optional; compiled where it is not given
 * runs: 30
 * </pre>
 *
 * A study that compares optimizers at their own best learning rates has optimizers such as
 *
 * <pre>
 *   - {name: adam, learning-rate: tuned}
 * </pre>
 *
 * and says what is tried, with how many seeds:
 *
 * <pre>
 * tune: {learning-rates: [0.0005, 0.001, 0.002, 0.005], runs: 5}
 * </pre>
 *
 * An optimizer may have the rate that was chosen for another one, and fewer seeds than the others:
 *
 * <pre>
 *   - {name: caadam:log-normal, learning-rate: {tuned-as: adam}}
 *   - {name: adam, learning-rate: tuned, runs: 30}
 * </pre>
 *
 * Several data sets are listed as {@code datasets}. A model or an optimizer is a name or a map of a
 * name and options; what is not given comes from the protocol.
 */
public final class StudyReader {

    private static final List<String> BUILT_IN =
            List.of(
                    "quickstart",
                    "california-notebook",
                    "california-paper",
                    "figures",
                    "california-controls",
                    "california-tuned",
                    "california-size",
                    "california-sensitivity",
                    "friedman-size",
                    "images-notebook",
                    "images-paper",
                    "images-cpu",
                    "images-controls",
                    "images-fair");

    private static final ObjectMapper YAML =
            YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private StudyReader() {}

    /**
     * Returns the names of the studies that come with the suite.
     *
     * @return the names
     */
    public static List<String> builtIn() {
        return BUILT_IN;
    }

    /**
     * Reads a study.
     *
     * @param nameOrFile the name of a study that comes with the suite, or a YAML file (ending in
     *     {@code .yaml} or {@code .yml})
     * @return the study
     * @throws IOException if the file cannot be read or is not a study; the message says where and
     *     why
     * @throws IllegalArgumentException if there is no study of that name, or it names an unknown
     *     data set, model, optimizer or protocol; the message lists the valid names
     */
    public static Study read(String nameOrFile) throws IOException {
        if (nameOrFile.endsWith(".yaml") || nameOrFile.endsWith(".yml")) {
            Path file = Path.of(nameOrFile);
            if (!Files.isRegularFile(file)) {
                throw new IOException("There is no file " + file + ".");
            }
            try {
                return parse(Files.readString(file, StandardCharsets.UTF_8), nameOrFile);
            } catch (CharacterCodingException e) {
                throw new IOException(file + " is not text in UTF-8.", e);
            }
        }
        if (!BUILT_IN.contains(nameOrFile)) {
            throw new IllegalArgumentException(
                    "Unknown study \""
                            + nameOrFile
                            + "\"; valid are: "
                            + String.join(", ", BUILT_IN)
                            + ", or a file ending in .yaml.");
        }
        String resource = "/studies/" + nameOrFile + ".yaml";
        try (InputStream in = StudyReader.class.getResourceAsStream(resource)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
    }

    private static Study parse(String text, String origin) throws IOException {
        if (text.isBlank()) {
            throw new IOException(origin + " is empty.");
        }
        StudyFile file;
        List<ModelFile> models = new ArrayList<>();
        List<OptimizerFile> optimizers = new ArrayList<>();
        try {
            file = YAML.readValue(text, StudyFile.class);
            if (file == null) {
                throw new IOException(origin + " holds nothing.");
            }
            file.requireComplete(origin);
            for (JsonNode node : file.models) {
                models.add(
                        node.isTextual()
                                ? new ModelFile(node.asText(), null)
                                : YAML.treeToValue(node, ModelFile.class));
            }
            for (JsonNode node : file.optimizers) {
                optimizers.add(
                        node.isTextual()
                                ? OptimizerFile.named(node.asText())
                                : YAML.treeToValue(node, OptimizerFile.class));
            }
        } catch (JsonProcessingException e) {
            throw new IOException(origin + " is not a study: " + YamlFaults.describe(e), e);
        }
        return file.toStudy(models, optimizers);
    }

    private record StudyFile(
            String name,
            String description,
            String dataset,
            List<String> datasets,
            List<JsonNode> models,
            List<JsonNode> optimizers,
            String protocol,
            @JsonProperty("max-epochs") Integer maxEpochs,
            @JsonProperty("train-rows") Integer trainRows,
            Execution execution,
            TuneFile tune,
            int runs,
            String reductions) {

        private void requireComplete(String origin) {
            requireGiven(origin, "name", name);
            requireGiven(origin, "dataset", dataset == null ? datasets : dataset);
            requireGiven(origin, "models", models);
            requireGiven(origin, "optimizers", optimizers);
            requireGiven(origin, "protocol", protocol);
        }

        private Study toStudy(List<ModelFile> modelFiles, List<OptimizerFile> optimizerFiles) {
            List<String> sets = new ArrayList<>(datasets == null ? List.of() : datasets);
            if (dataset != null) {
                sets.add(0, dataset);
            }
            Map<ModelSpec, Integer> fewerRuns = new LinkedHashMap<>();
            List<ModelSpec> networks = new ArrayList<>();
            for (ModelFile modelFile : modelFiles) {
                ModelSpec network = ModelSpec.parse(String.valueOf(modelFile.name));
                networks.add(network);
                if (modelFile.runs != null) {
                    requireFewer("model " + modelFile.name, modelFile.runs, runs);
                    fewerRuns.put(network, modelFile.runs);
                }
            }
            for (String set : sets) {
                ExperimentDataset data = DatasetRegistry.byName(set);
                networks.forEach(network -> requireFits(network, data));
            }
            if (tune != null && optimizerFiles.stream().noneMatch(OptimizerFile::isTuned)) {
                throw new IllegalArgumentException(
                        "The study "
                                + name
                                + " says under \"tune\" which learning rates are tried, but no"
                                + " optimizer has learning-rate: tuned.");
            }
            Protocol full = Protocol.byName(protocol);
            Protocol limited = maxEpochs == null ? full : full.withMaxEpochs(maxEpochs);
            Protocol used = trainRows == null ? limited : limited.withTrainRows(trainRows);
            Map<OptimizerSpec, Integer> fewerOptimizerRuns = new LinkedHashMap<>();
            List<OptimizerSpec> specs = new ArrayList<>();
            for (OptimizerFile optimizerFile : optimizerFiles) {
                OptimizerSpec spec = optimizerFile.toSpec(used);
                specs.add(spec);
                if (optimizerFile.runs != null) {
                    requireFewer("optimizer " + optimizerFile.name, optimizerFile.runs, runs);
                    fewerOptimizerRuns.put(spec, optimizerFile.runs);
                }
            }
            return new Study(
                    name,
                    description == null ? "" : description,
                    sets,
                    networks,
                    specs,
                    used,
                    runs,
                    fewerRuns,
                    fewerOptimizerRuns,
                    Optional.ofNullable(tune).map(TuneFile::toTuning),
                    Map.of(),
                    reductions(full, used, fewerRuns),
                    execution == null ? Execution.COMPILED : execution);
        }

        private String reductions(Protocol full, Protocol used, Map<ModelSpec, Integer> fewerRuns) {
            List<String> reduced = new ArrayList<>();
            if (reductions != null) {
                reduced.add(reductions);
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

        private static void requireFits(ModelSpec network, ExperimentDataset data) {
            boolean table = data.task() == Task.REGRESSION;
            if (table != network instanceof Mlp) {
                throw new IllegalArgumentException(
                        "The model "
                                + network.name()
                                + " cannot be trained on "
                                + data.name()
                                + (table
                                        ? ", a regression on a table; models for it are mlp:"
                                                + " followed by the units of the hidden layers."
                                        : ", a classification of images; the model for it is"
                                                + " resnet20."));
            }
        }

        private static void requireFewer(String what, int fewer, int others) {
            if (fewer < 1 || fewer >= others) {
                throw new IllegalArgumentException(
                        "The runs of the "
                                + what
                                + " must be from 1 to fewer than the study's "
                                + others
                                + ", found "
                                + fewer
                                + ".");
            }
        }

        private static void requireGiven(String origin, String key, Object value) {
            if (value == null) {
                throw new IllegalArgumentException(
                        origin + " is not a study: it has no \"" + key + "\".");
            }
        }
    }

    private record TuneFile(@JsonProperty("learning-rates") List<Double> learningRates, int runs) {

        private Tuning toTuning() {
            return new Tuning(learningRates == null ? List.of() : learningRates, runs);
        }
    }

    private record ModelFile(String name, Integer runs) {}

    private record OptimizerFile(
            String name,
            Double gamma,
            String convention,
            @JsonProperty("learning-rate") JsonNode learningRate,
            @JsonProperty("weight-decay") Double weightDecay,
            String factors,
            Integer runs) {

        private static final String TUNED = "tuned";
        private static final String TUNED_AS = "tuned-as";

        private static OptimizerFile named(String name) {
            return new OptimizerFile(name, null, null, null, null, null, null);
        }

        private OptimizerSpec toSpec(Protocol protocol) {
            OptimizerSpec spec =
                    OptimizerSpec.parse(String.valueOf(name), protocol)
                            .with(gamma, conventionNamed(), givenLearningRate(), weightDecay);
            OptimizerSpec controlled =
                    factors == null ? spec : spec.withFactors(FactorControl.parse(factors));
            if (!isTuned()) {
                return controlled;
            }
            return learningRate.isObject()
                    ? controlled.tunedAs(
                            learningRate.get(TUNED_AS).asText(), protocol.learningRate())
                    : controlled.tunedTo(protocol.learningRate());
        }

        private boolean isTuned() {
            return learningRate != null
                    && (TUNED.equals(learningRate.textValue())
                            || (learningRate.size() == 1 && learningRate.has(TUNED_AS)));
        }

        private Double givenLearningRate() {
            if (learningRate == null || learningRate.isNull() || isTuned()) {
                return null;
            }
            if (!learningRate.isNumber()) {
                throw new IllegalArgumentException(
                        "The learning rate of "
                                + name
                                + " must be a number, "
                                + TUNED
                                + " or {"
                                + TUNED_AS
                                + ": OPTIMIZER}, found "
                                + learningRate
                                + ".");
            }
            return learningRate.doubleValue();
        }

        private StructureConvention conventionNamed() {
            if (convention == null) {
                return null;
            }
            try {
                return StructureConvention.valueOf(convention.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "Unknown convention \"" + convention + "\"; valid are: paper, reference.",
                        e);
            }
        }
    }
}
