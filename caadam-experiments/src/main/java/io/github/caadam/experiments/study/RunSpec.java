// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.metric.Measure;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.experiments.model.RandomStreams;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One run of a study, before it is run.
 *
 * @param data the data
 * @param model the network
 * @param optimizer the optimizer
 * @param protocol the protocol
 * @param seed the seed, which is also the index of the run among those of its configuration; where
 *     a study tunes, the first ones are those of the tuning
 * @param execution how epochs are executed
 * @param measures the metrics that the run records, besides the usual ones of its task
 * @param labels what tables call the run
 */
public record RunSpec(
        Component data,
        Component model,
        Component optimizer,
        Protocol protocol,
        int seed,
        Execution execution,
        Measures measures,
        Labels labels) {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Measures.Shown UNKNOWN = new Measures.Shown("", "", true);

    /**
     * Raised when a change of the code changes the results of training, so that runs of before are
     * not taken for runs of after.
     */
    static final int RESULTS_VERSION = 2;

    /**
     * Returns what the run asks: all that determines its result, in the words of the study format.
     *
     * @param dataDigest the digest of the data, which stands for their options
     * @return the question
     */
    public Question question(String dataDigest) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        String key = data.source() == Component.Source.FILE ? "name" : data.source().key();
        String name = data.source() == Component.Source.FILE ? "file" : data.reference();
        json.set(
                Question.DATA,
                JsonNodeFactory.instance.objectNode().put(key, name).put("digest", dataDigest));
        json.set(Question.MODEL, model.identity());
        json.set(Question.OPTIMIZER, optimizer.identity());
        json.set(Question.PROTOCOL, protocol.identity());
        json.put(Question.SEED, seed);
        json.put(Question.RANDOMNESS, RandomStreams.SCHEME);
        json.put(Question.RESULTS_VERSION, RESULTS_VERSION);
        return Question.of(json);
    }

    /**
     * Returns all that the run is made of.
     *
     * @return data, model, optimizer, schedule, and the metrics that it monitors and records
     */
    public List<Component> components() {
        List<Component> components = new ArrayList<>(List.of(data, model, optimizer));
        components.add(protocol.schedule());
        protocol.monitor().ifPresent(components::add);
        measures.named().forEach(one -> components.add(one.component()));
        return List.copyOf(components);
    }

    /**
     * Returns the plug-ins that the run takes something of.
     *
     * @return SHA-256, in hex, by the name of the jar, or of the directory of classes
     */
    public Map<String, String> plugins() {
        Map<String, String> plugins = new TreeMap<>();
        components().forEach(one -> plugins.putAll(one.plugins()));
        return plugins;
    }

    /**
     * Returns the run's id: a hash of everything that determines its result.
     *
     * @param dataDigest the digest of the data
     * @return 16 hex digits
     */
    public String id(String dataDigest) {
        return question(dataDigest).id();
    }

    /**
     * Returns the id that the run had in stores of format 1.
     *
     * @param dataDigest the digest of the data
     * @return 16 hex digits, which depend on the execution and on whether the learning rate was
     *     chosen by trying several; empty for a run that those stores could not have
     */
    public Optional<String> formerId(String dataDigest) {
        return FormerId.of(this, dataDigest);
    }

    /**
     * Returns this run with another execution of epochs, which is no part of what it asks.
     *
     * @param other how epochs are executed
     * @return the run
     */
    public RunSpec withExecution(Execution other) {
        return new RunSpec(data, model, optimizer, protocol, seed, other, measures, labels);
    }

    /**
     * Returns the run as a plan has it.
     *
     * @param facts what is known of the data
     * @return what it asks and what it is called
     */
    public PlannedRun planned(DataFacts facts) {
        List<Measures.Shown> shown =
                facts.signature().map(measures::shown).orElse(List.of(UNKNOWN, UNKNOWN));
        return new PlannedRun(
                question(facts.digest()),
                List.of(),
                labels.data(),
                labels.model(),
                labels.optimizer(),
                labels.strategy(),
                protocol.name(),
                shown.get(0).label(),
                shown.get(1).label(),
                shown.get(0).unit(),
                shown.get(0).lowerIsBetter(),
                shown.stream()
                        .limit(measures.named().size())
                        .skip(1)
                        .map(
                                one ->
                                        new PlannedRun.Further(
                                                one.label(), one.unit(), one.lowerIsBetter()))
                        .toList());
    }

    /**
     * Returns everything but the seed in a few words.
     *
     * @return data, model and optimizer
     */
    public String configuration() {
        return planned(DataFacts.UNKNOWN).configuration();
    }

    /**
     * Returns the run in a few words.
     *
     * @return data set, model, optimizer and seed
     */
    public String label() {
        return configuration() + " seed " + seed;
    }

    /**
     * Returns the run as another process reads it.
     *
     * @return all of it
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("data", data.toJson());
        json.set("model", model.toJson());
        json.set("optimizer", optimizer.toJson());
        json.set("protocol", protocol.toJson());
        json.put("seed", seed);
        json.put("execution", execution.label());
        ArrayNode metrics = json.putArray("metrics");
        measures.named().forEach(one -> metrics.add(one.toJson()));
        json.set("labels", JSON.valueToTree(labels));
        return json;
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param json the run
     * @param catalog what its components are looked up in
     * @return the run
     * @throws IllegalArgumentException if a component is not here
     */
    public static RunSpec fromJson(JsonNode json, Catalog catalog) {
        List<Measure> measures = new ArrayList<>();
        json.path("metrics").forEach(one -> measures.add(Measure.fromJson(one, catalog)));
        return new RunSpec(
                catalog.read(Kind.DATA, json.path("data")),
                catalog.read(Kind.MODEL, json.path("model")),
                catalog.read(Kind.OPTIMIZER, json.path("optimizer")),
                Protocol.fromJson(json.path("protocol"), catalog),
                json.path("seed").asInt(),
                Execution.byLabel(json.path("execution").asText()),
                new Measures(measures),
                JSON.convertValue(json.path("labels"), Labels.class));
    }
}
