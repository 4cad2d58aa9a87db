// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Builds rows for tests, of which only what a test is about must be said: by default a run of Adam
 * on California Housing with 64-32.
 */
public final class RunRowBuilder {

    private String dataset = "california-housing";
    private String architecture = "64-32";
    private String optimizer = "Adam";
    private String strategy = "none";
    private int run;
    private String metric = "rmse";
    private double value = 0.5;
    private double secondary = 0.4;
    private double seconds = 1;
    private int epochs = 2;
    private double learningRate = 1e-3;
    private double stepsPerSecond = 100;
    private double validationLoss = 0.25;
    private Map<String, Double> factors = Map.of();
    private String study = "quickstart";
    private String protocol = "notebook";
    private String reductions = "";
    private String id = "";
    private String commit = "abcdef0123456789";
    private RunStatus status = RunStatus.FINISHED;
    private String alias = "";
    private String place = "";

    public RunRowBuilder on(String dataset, String architecture) {
        this.dataset = dataset;
        this.architecture = architecture;
        return this;
    }

    public RunRowBuilder by(String optimizer, String strategy) {
        this.optimizer = optimizer;
        this.strategy = strategy;
        return this;
    }

    public RunRowBuilder run(int run) {
        this.run = run;
        return this;
    }

    public RunRowBuilder result(String metric, double value, double secondary) {
        this.metric = metric;
        this.value = value;
        this.secondary = secondary;
        return this;
    }

    public RunRowBuilder took(double seconds, int epochs) {
        this.seconds = seconds;
        this.epochs = epochs;
        return this;
    }

    public RunRowBuilder learningRate(double learningRate) {
        this.learningRate = learningRate;
        return this;
    }

    public RunRowBuilder stepsPerSecond(double stepsPerSecond) {
        this.stepsPerSecond = stepsPerSecond;
        return this;
    }

    public RunRowBuilder validationLoss(double validationLoss) {
        this.validationLoss = validationLoss;
        return this;
    }

    public RunRowBuilder factors(Map<String, Double> factors) {
        this.factors = factors;
        return this;
    }

    public RunRowBuilder of(String study, String protocol, String reductions) {
        this.study = study;
        this.protocol = protocol;
        this.reductions = reductions;
        return this;
    }

    public RunRowBuilder id(String id) {
        this.id = id;
        return this;
    }

    public RunRowBuilder commit(String commit) {
        this.commit = commit;
        return this;
    }

    /** Makes it a run without a result. */
    public RunRowBuilder lost(RunStatus status) {
        this.status = status;
        this.value = Double.NaN;
        this.secondary = Double.NaN;
        return this;
    }

    public RunRowBuilder alias(String alias) {
        this.alias = alias;
        return this;
    }

    public RunRowBuilder at(String place) {
        this.place = place;
        return this;
    }

    /** Builds a run for each value of the root mean squared error, numbered from 0. */
    public List<RunRow> runsWith(double... values) {
        List<RunRow> rows = new ArrayList<>();
        for (double each : values) {
            rows.add(run(rows.size()).result("rmse", each, 0).build());
        }
        return rows;
    }

    public RunRow build() {
        return new RunRow(
                dataset,
                architecture,
                optimizer,
                strategy,
                run,
                metric,
                value,
                secondary,
                seconds,
                epochs,
                learningRate,
                stepsPerSecond,
                validationLoss,
                factors,
                study,
                protocol,
                reductions,
                id,
                commit,
                status,
                alias,
                place,
                metric.equals("rmse") ? "mae" : "loss",
                "",
                metric.equals("rmse"));
    }
}
