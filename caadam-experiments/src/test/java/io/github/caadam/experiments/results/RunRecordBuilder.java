// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import java.util.List;
import java.util.Map;

/**
 * Builds records for tests, of which only what a test is about must be said: by default a run of
 * Adam on Friedman #1 with 64-32 that came to 0.5 in one epoch.
 */
public final class RunRecordBuilder {

    private String dataset = "friedman1";
    private String architecture = "64-32";
    private String optimizer = "Adam";
    private String strategy = "none";
    private String protocol = "paper";
    private double learningRate = 1e-3;
    private int epochLimit = 1000;
    private int run;
    private RunStatus status = RunStatus.FINISHED;
    private double value = 0.5;
    private double seconds = 2;
    private int bestEpoch;
    private List<EpochRecord> history = List.of(new EpochRecord(0.1, 0.2, 1e-3, null));
    private Place place = Place.of(Map.of("cpu", "test"));
    private String commit = "c0ffee";
    private String started = "2026-01-01T00:00:00Z";
    private Map<String, String> plugins = Map.of();
    private List<String> aliases = List.of();
    private List<PlannedRun.Further> also = List.of();
    private Map<String, Double> metrics = Map.of();

    public RunRecordBuilder on(String dataset, String architecture) {
        this.dataset = dataset;
        this.architecture = architecture;
        return this;
    }

    public RunRecordBuilder by(String optimizer, String strategy) {
        this.optimizer = optimizer;
        this.strategy = strategy;
        return this;
    }

    public RunRecordBuilder protocol(String protocol) {
        this.protocol = protocol;
        return this;
    }

    public RunRecordBuilder learningRate(double learningRate) {
        this.learningRate = learningRate;
        return this;
    }

    public RunRecordBuilder epochLimit(int epochLimit) {
        this.epochLimit = epochLimit;
        return this;
    }

    public RunRecordBuilder run(int run) {
        this.run = run;
        return this;
    }

    public RunRecordBuilder value(double value) {
        this.value = value;
        return this;
    }

    public RunRecordBuilder without(RunStatus status) {
        this.status = status;
        return this;
    }

    public RunRecordBuilder seconds(double seconds) {
        this.seconds = seconds;
        return this;
    }

    public RunRecordBuilder history(int bestEpoch, List<EpochRecord> history) {
        this.bestEpoch = bestEpoch;
        this.history = history;
        return this;
    }

    public RunRecordBuilder at(String cpu, String started) {
        this.place = Place.of(Map.of("cpu", cpu));
        this.started = started;
        return this;
    }

    /** Makes it a run of which nobody knows where it was made. */
    public RunRecordBuilder nowhere() {
        this.place = Place.of(Map.of());
        this.started = "";
        return this;
    }

    public RunRecordBuilder commit(String commit) {
        this.commit = commit;
        return this;
    }

    public RunRecordBuilder plugins(Map<String, String> plugins) {
        this.plugins = plugins;
        return this;
    }

    public RunRecordBuilder aliases(String... aliases) {
        this.aliases = List.of(aliases);
        return this;
    }

    /** What the run asks. */
    public Question question() {
        ObjectNode json = object();
        json.set(Question.DATA, object().put("name", dataset).put("digest", "abc"));
        json.set(Question.MODEL, object().put("name", "mlp:" + architecture));
        ObjectNode asked = object().put("name", optimizer + ":" + strategy);
        asked.set("options", object().put("learning-rate", learningRate));
        json.set(Question.OPTIMIZER, asked);
        json.set(Question.PROTOCOL, object().put("batch-size", 64).put("epochs", epochLimit));
        json.put(Question.SEED, run).put(Question.RANDOMNESS, "none");
        return Question.of(json.put(Question.RESULTS_VERSION, 2));
    }

    /** Metrics that the plan has beside RMSE, and what the run has of them, RMSE included. */
    public RunRecordBuilder also(List<PlannedRun.Further> also, Map<String, Double> metrics) {
        this.also = also;
        this.metrics = metrics;
        return this;
    }

    /** The run as a plan has it. */
    public PlannedRun planned() {
        return new PlannedRun(
                question(),
                aliases,
                dataset,
                architecture,
                optimizer,
                strategy,
                protocol,
                "rmse",
                "mae",
                "",
                true,
                also);
    }

    public RunRecord build() {
        boolean finished = status == RunStatus.FINISHED;
        return new RunRecord(
                question().id(),
                aliases,
                "study",
                status,
                dataset,
                "generated",
                architecture,
                optimizer,
                strategy,
                protocol,
                run,
                question(),
                Map.of(),
                "rmse",
                finished ? value : null,
                finished ? value / 2 : null,
                finished ? metrics : Map.of(),
                null,
                seconds,
                history.size(),
                8L * history.size(),
                bestEpoch,
                history,
                List.of(new Stint(1, history.size(), place, commit, started, plugins)));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
