// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An experiment: data sets, networks, optimizers, a protocol and a number of seeds.
 *
 * @param name the name
 * @param description one line that says what it is for
 * @param datasets the names of the data sets
 * @param models the networks
 * @param optimizers the optimizers
 * @param protocol the protocol
 * @param runs the number of seeds, 1 or more
 * @param fewerRuns the number of seeds of networks that have fewer
 * @param fewerOptimizerRuns the number of seeds of optimizers that have fewer
 * @param tuning the budget of the optimizers that are tuned; empty if none is
 * @param learningRates the learning rates that were chosen, if they were
 * @param reductions what is reduced against the full protocol, in words; empty if nothing is
 * @param execution how epochs are executed
 */
public record Study(
        String name,
        String description,
        List<String> datasets,
        List<ModelSpec> models,
        List<OptimizerSpec> optimizers,
        Protocol protocol,
        int runs,
        Map<ModelSpec, Integer> fewerRuns,
        Map<OptimizerSpec, Integer> fewerOptimizerRuns,
        Optional<Tuning> tuning,
        Map<TuningCase, Double> learningRates,
        String reductions,
        Execution execution) {

    /** Checks that there is something to run. */
    public Study {
        datasets = List.copyOf(datasets);
        models = List.copyOf(models);
        optimizers = List.copyOf(optimizers);
        fewerRuns = Map.copyOf(fewerRuns);
        fewerOptimizerRuns = Map.copyOf(fewerOptimizerRuns);
        learningRates = Map.copyOf(learningRates);
        if (datasets.isEmpty() || models.isEmpty() || optimizers.isEmpty() || runs < 1) {
            throw new IllegalArgumentException(
                    "The study "
                            + name
                            + " needs a data set, a model, an optimizer and 1 or more runs, found "
                            + datasets.size()
                            + ", "
                            + models.size()
                            + ", "
                            + optimizers.size()
                            + " and "
                            + runs
                            + ".");
        }
        boolean tunes = optimizers.stream().anyMatch(OptimizerSpec::tuned);
        if (tunes && tuning.isEmpty()) {
            throw new IllegalArgumentException(
                    "The study "
                            + name
                            + " has tuned learning rates, but does not say under \"tune\" which"
                            + " are tried.");
        }
    }

    /**
     * Returns this study with another number of seeds.
     *
     * @param newRuns the number of seeds, 1 or more
     * @return the study
     */
    public Study withRuns(int newRuns) {
        Copy copy = new Copy(this);
        copy.runs = newRuns;
        return copy.toStudy();
    }

    /**
     * Returns this study with another execution of epochs.
     *
     * @param newExecution how epochs are executed
     * @return the study
     */
    public Study withExecution(Execution newExecution) {
        Copy copy = new Copy(this);
        copy.execution = newExecution;
        return copy.toStudy();
    }

    /**
     * Returns this study with another draw of the weights that all its runs share.
     *
     * @param seed the seed of the draw, 1 or more
     * @return the study
     * @throws IllegalArgumentException if its runs do not share their initial weights
     */
    public Study withWeightsSeed(int seed) {
        Copy copy = new Copy(this);
        copy.protocol = protocol.withWeightsSeed(seed);
        return copy.toStudy();
    }

    /**
     * Returns this study with some of its data sets, models and optimizers: those whose name is
     * listed. An optimizer is named with its options, such as {@code caadam:additive averaged}, or
     * without, which means it with all its options. Of a kind of which none is listed, all are
     * kept.
     *
     * @param filter names of data sets, models and optimizers, separated by commas
     * @return the study
     * @throws IllegalArgumentException if a name is none of these; the message lists the valid ones
     */
    public Study only(String filter) {
        List<String> names = List.of(filter.trim().split("\\s*,\\s*"));
        List<String> keptDatasets = datasets.stream().filter(names::contains).toList();
        List<ModelSpec> keptModels =
                models.stream().filter(model -> names.contains(model.name())).toList();
        List<OptimizerSpec> keptOptimizers =
                optimizers.stream()
                        .filter(one -> names.stream().anyMatch(wanted -> isNamed(one, wanted)))
                        .toList();
        for (String wanted : names) {
            if (!keptDatasets.contains(wanted)
                    && keptModels.stream().noneMatch(model -> model.name().equals(wanted))
                    && keptOptimizers.stream().noneMatch(one -> isNamed(one, wanted))) {
                throw new IllegalArgumentException(
                        "The study "
                                + name
                                + " has no \""
                                + wanted
                                + "\"; it has the data sets "
                                + String.join(", ", datasets)
                                + ", the models "
                                + String.join(", ", models.stream().map(ModelSpec::name).toList())
                                + " and the optimizers "
                                + optimizers.stream()
                                        .map(one -> one.fullName(protocol))
                                        .collect(Collectors.joining(", "))
                                + ".");
            }
        }
        List<String> newDatasets = keptDatasets.isEmpty() ? datasets : keptDatasets;
        List<ModelSpec> newModels = keptModels.isEmpty() ? models : keptModels;
        List<OptimizerSpec> newOptimizers = keptOptimizers.isEmpty() ? optimizers : keptOptimizers;
        Copy copy = new Copy(this);
        copy.datasets = newDatasets;
        copy.models = newModels;
        copy.optimizers = newOptimizers;
        return copy.toStudy();
    }

    private boolean isNamed(OptimizerSpec optimizer, String wanted) {
        return optimizer.name().equals(wanted) || optimizer.fullName(protocol).equals(wanted);
    }

    /**
     * Returns the study that tries the learning rates: every tuned optimizer at every rate of the
     * budget, on every network.
     *
     * @return the study; empty if no optimizer is tuned
     */
    public Optional<Study> tuningStudy() {
        List<OptimizerSpec> tried = new ArrayList<>();
        tuners().forEach(
                        optimizer ->
                                tuning.orElseThrow().learningRates().stream()
                                        .map(optimizer::trying)
                                        .forEach(tried::add));
        if (tried.isEmpty()) {
            return Optional.empty();
        }
        Copy copy = new Copy(this);
        copy.name = name + " (tuning)";
        copy.description = "The learning rates that " + name + " tries";
        copy.optimizers = tried;
        copy.runs = tuning.orElseThrow().runs();
        copy.fewerOptimizerRuns = Map.of();
        copy.tuning = Optional.empty();
        copy.learningRates = Map.of();
        return Optional.of(copy.toStudy());
    }

    /** Several optimizers may have the learning rate of one, which need not be among them. */
    private List<OptimizerSpec> tuners() {
        return optimizers.stream()
                .filter(OptimizerSpec::tuned)
                .map(optimizer -> optimizer.tuner(protocol))
                .distinct()
                .toList();
    }

    /**
     * Returns what learning rates are to be chosen for.
     *
     * @return every tuned optimizer on every network, and those whose rate another one takes over
     */
    public List<TuningCase> tuningCases() {
        List<TuningCase> cases = new ArrayList<>();
        for (String dataset : datasets) {
            for (ModelSpec model : models) {
                tuners().forEach(one -> cases.add(new TuningCase(dataset, model, one)));
            }
        }
        return cases;
    }

    /**
     * Returns this study with the learning rates that were chosen.
     *
     * @param chosen a learning rate for each of {@link #tuningCases}
     * @return the study
     */
    public Study withLearningRates(Map<TuningCase, Double> chosen) {
        Copy copy = new Copy(this);
        copy.learningRates = chosen;
        return copy.toStudy();
    }

    /**
     * Returns whether every learning rate is known.
     *
     * @return false for a study that tunes until the rates were chosen
     */
    public boolean isDecided() {
        return learningRates.keySet().containsAll(tuningCases());
    }

    /**
     * Returns the number of seeds of an optimizer on a network.
     *
     * @param model one of the networks
     * @param optimizer one of the optimizers
     * @return the number, 1 or more
     */
    public int runs(ModelSpec model, OptimizerSpec optimizer) {
        int ofModel = Math.min(runs, fewerRuns.getOrDefault(model, runs));
        return Math.min(ofModel, fewerOptimizerRuns.getOrDefault(optimizer, runs));
    }

    /**
     * Returns all runs but those that try learning rates, seeds outermost, so that a study that is
     * half done has some seeds of every configuration rather than all seeds of some. Where learning
     * rates are tried, the seeds follow those of the trials.
     *
     * @return the runs; tuned optimizers have any learning rate until theirs was chosen
     */
    public List<RunSpec> runSpecs() {
        int firstSeed = tuning.map(Tuning::runs).orElse(0);
        List<RunSpec> specs = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            for (String dataset : datasets) {
                for (ModelSpec model : models) {
                    for (OptimizerSpec optimizer : optimizers) {
                        if (run < runs(model, optimizer)) {
                            specs.add(
                                    new RunSpec(
                                            dataset,
                                            model,
                                            atChosenRate(dataset, model, optimizer),
                                            protocol,
                                            firstSeed + run,
                                            execution));
                        }
                    }
                }
            }
        }
        return specs;
    }

    private OptimizerSpec atChosenRate(String dataset, ModelSpec model, OptimizerSpec optimizer) {
        Double rate = learningRates.get(new TuningCase(dataset, model, optimizer.tuner(protocol)));
        return rate == null ? optimizer : optimizer.tunedTo(rate);
    }

    /** A study in the making that differs from another one in some components. */
    private static final class Copy {

        private String name;
        private String description;
        private List<String> datasets;
        private List<ModelSpec> models;
        private List<OptimizerSpec> optimizers;
        private Protocol protocol;
        private int runs;
        private final Map<ModelSpec, Integer> fewerRuns;
        private Map<OptimizerSpec, Integer> fewerOptimizerRuns;
        private Optional<Tuning> tuning;
        private Map<TuningCase, Double> learningRates;
        private String reductions;
        private Execution execution;

        Copy(Study from) {
            name = from.name;
            description = from.description;
            datasets = from.datasets;
            models = from.models;
            optimizers = from.optimizers;
            protocol = from.protocol;
            runs = from.runs;
            fewerRuns = from.fewerRuns;
            fewerOptimizerRuns = from.fewerOptimizerRuns;
            tuning = from.tuning;
            learningRates = from.learningRates;
            reductions = from.reductions;
            execution = from.execution;
        }

        Study toStudy() {
            return new Study(
                    name,
                    description,
                    datasets,
                    models,
                    optimizers,
                    protocol,
                    runs,
                    fewerRuns,
                    fewerOptimizerRuns,
                    tuning,
                    learningRates,
                    reductions,
                    execution);
        }
    }
}
