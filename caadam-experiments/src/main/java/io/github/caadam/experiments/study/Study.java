// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * An experiment: data, networks, optimizers, a protocol and a number of seeds.
 *
 * @param name the name
 * @param description one line that says what it is for
 * @param data the data
 * @param models the networks
 * @param optimizers the rows
 * @param protocol the protocol
 * @param seeds the number of seeds, 1 or more
 * @param tuning the budget of the rows that are tuned; empty if none is
 * @param chosen what was chosen, if it was
 * @param unchosen why nothing could be chosen, where it could not
 * @param measures the metrics that runs record, besides the usual ones of the task
 * @param compare how results are to be compared and shown
 * @param reductions what is reduced against a full protocol, in words; empty if nothing is
 * @param execution how epochs are executed
 */
public record Study(
        String name,
        String description,
        List<Part> data,
        List<Part> models,
        List<Configuration> optimizers,
        Protocol protocol,
        int seeds,
        Optional<Tuning> tuning,
        Map<TuningCase, Tuner.Candidate> chosen,
        Map<TuningCase, String> unchosen,
        Measures measures,
        CompareSettings compare,
        String reductions,
        Execution execution) {

    /** Checks that there is something to run. */
    public Study {
        data = List.copyOf(data);
        models = List.copyOf(models);
        optimizers = List.copyOf(optimizers);
        chosen = Map.copyOf(chosen);
        unchosen = Map.copyOf(unchosen);
        if (data.isEmpty() || models.isEmpty() || optimizers.isEmpty() || seeds < 1) {
            throw new IllegalArgumentException(
                    "The study "
                            + name
                            + " needs data, a model, an optimizer and 1 or more seeds, found "
                            + data.size()
                            + ", "
                            + models.size()
                            + ", "
                            + optimizers.size()
                            + " and "
                            + seeds
                            + ".");
        }
        if (optimizers.stream().anyMatch(Configuration::isTuned) && tuning.isEmpty()) {
            throw new IllegalArgumentException(
                    "The study "
                            + name
                            + " tunes, but does not say under \"tuning\" with how many seeds.");
        }
    }

    /**
     * Returns this study with another number of seeds.
     *
     * @param newSeeds the number of seeds, 1 or more
     * @return the study
     */
    public Study withSeeds(int newSeeds) {
        Copy copy = new Copy(this);
        copy.seeds = newSeeds;
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
     * Returns this study with some of its data, models and optimizers: those whose name or label is
     * listed. An optimizer is named with its options, such as {@code caadam:additive averaged}, or
     * without, which means it with all its options. Of a kind of which none is listed, all are
     * kept.
     *
     * @param filter names of data, models and optimizers, separated by commas
     * @return the study
     * @throws IllegalArgumentException if a name is none of these; the message lists the valid ones
     */
    public Study only(String filter) {
        List<String> names = List.of(filter.trim().split("\\s*,\\s*"));
        List<Part> keptData = kept(data, names);
        List<Part> keptModels = kept(models, names);
        List<Configuration> keptOptimizers =
                optimizers.stream().filter(one -> names.stream().anyMatch(one::isNamed)).toList();
        for (String wanted : names) {
            if (keptData.stream().noneMatch(one -> one.isNamed(wanted))
                    && keptModels.stream().noneMatch(one -> one.isNamed(wanted))
                    && keptOptimizers.stream().noneMatch(one -> one.isNamed(wanted))) {
                throw new IllegalArgumentException(
                        "The study "
                                + name
                                + " has no \""
                                + wanted
                                + "\"; it has the data "
                                + names(data)
                                + ", the models "
                                + names(models)
                                + " and the optimizers "
                                + optimizers.stream()
                                        .map(Configuration::name)
                                        .collect(Collectors.joining(", "))
                                + ".");
            }
        }
        Copy copy = new Copy(this);
        copy.data = keptData.isEmpty() ? data : keptData;
        copy.models = keptModels.isEmpty() ? models : keptModels;
        copy.optimizers = keptOptimizers.isEmpty() ? optimizers : keptOptimizers;
        return copy.toStudy();
    }

    private static List<Part> kept(List<Part> parts, List<String> names) {
        return parts.stream().filter(one -> names.stream().anyMatch(one::isNamed)).toList();
    }

    private static String names(List<Part> parts) {
        return parts.stream().map(Part::name).collect(Collectors.joining(", "));
    }

    /**
     * Returns the study that tries options: every candidate of every row that is tuned, on every
     * problem.
     *
     * @return the study; empty if nothing is tuned
     */
    public Optional<Study> tuningStudy() {
        List<Configuration> tried =
                tuners().stream()
                        .flatMap(tuner -> tuner.candidates().stream())
                        .map(Tuner.Candidate::row)
                        .toList();
        if (tried.isEmpty()) {
            return Optional.empty();
        }
        Copy copy = new Copy(this);
        copy.name = name + " (tuning)";
        copy.description = "The options that " + name + " tries";
        copy.optimizers = tried;
        copy.seeds = tuning.orElseThrow().seeds();
        copy.tuning = Optional.empty();
        copy.chosen = Map.of();
        copy.unchosen = Map.of();
        return Optional.of(copy.toStudy());
    }

    /** Several rows may have the options of one, which need not be among them. */
    private List<Tuner> tuners() {
        return optimizers.stream()
                .flatMap(optimizer -> optimizer.tuner().stream())
                .distinct()
                .toList();
    }

    /**
     * Returns what options are to be chosen for.
     *
     * @return every tuned row on every problem, and those whose options another one takes over
     */
    public List<TuningCase> tuningCases() {
        List<TuningCase> cases = new ArrayList<>();
        for (Part each : data) {
            for (Part model : models) {
                tuners().forEach(one -> cases.add(new TuningCase(each, model, one)));
            }
        }
        return cases;
    }

    /**
     * Returns this study with what was chosen.
     *
     * @param choice a candidate for each of {@link #tuningCases}
     * @return the study
     */
    public Study withChosen(Map<TuningCase, Tuner.Candidate> choice) {
        Copy copy = new Copy(this);
        copy.chosen = choice;
        return copy.toStudy();
    }

    /**
     * Returns this study with what could not be chosen.
     *
     * @param reasons for each of {@link #tuningCases} of which no candidate can be chosen, why
     * @return the study
     */
    public Study withoutChoice(Map<TuningCase, String> reasons) {
        Copy copy = new Copy(this);
        copy.unchosen = reasons;
        return copy.toStudy();
    }

    /**
     * Returns whether every option is known, or known to be none.
     *
     * @return false for a study that tunes until the options were chosen
     */
    public boolean isDecided() {
        return tuningCases().stream()
                .allMatch(about -> chosen.containsKey(about) || unchosen.containsKey(about));
    }

    /**
     * Returns the number of seeds of a row on a network.
     *
     * @param model one of the networks
     * @param optimizer one of the rows
     * @return the number, 1 or more
     */
    public int seeds(Part model, Configuration optimizer) {
        return Math.min(fewer(model.seeds()), fewer(optimizer.seeds()));
    }

    private int fewer(OptionalInt given) {
        return Math.min(seeds, given.orElse(seeds));
    }

    /**
     * A run of a study.
     *
     * @param spec the run; at any options where none could be chosen
     * @param unchosen what could not be chosen for it
     */
    record Entry(RunSpec spec, Optional<Unchosen> unchosen) {}

    /**
     * Returns all runs that can be made but those that try options, seeds outermost, so that a
     * study that is half done has some seeds of every configuration rather than all seeds of some.
     * Where options are tried, the seeds follow those of the trials.
     *
     * @return the runs; tuned rows have any options until theirs were chosen
     */
    public List<RunSpec> runSpecs() {
        return entries().stream()
                .filter(entry -> entry.unchosen().isEmpty())
                .map(Entry::spec)
                .toList();
    }

    /** Returns all runs of the rows, in the order of {@link #runSpecs}. */
    List<Entry> entries() {
        int firstSeed = tuning.map(Tuning::seeds).orElse(0);
        List<Entry> entries = new ArrayList<>();
        for (int run = 0; run < seeds; run++) {
            for (Part each : data) {
                for (Part model : models) {
                    for (Configuration optimizer : optimizers) {
                        if (run < seeds(model, optimizer)) {
                            entries.add(
                                    new Entry(
                                            spec(each, model, optimizer, firstSeed + run),
                                            unchosen(each, model, optimizer)));
                        }
                    }
                }
            }
        }
        return entries;
    }

    private Optional<Unchosen> unchosen(Part each, Part model, Configuration row) {
        return row.tuner()
                .flatMap(
                        tuner ->
                                Optional.ofNullable(
                                                unchosen.get(new TuningCase(each, model, tuner)))
                                        .map(reason -> new Unchosen(tuner, reason)));
    }

    private RunSpec spec(Part each, Part model, Configuration row, int seed) {
        return new RunSpec(
                each.component(),
                model.component(),
                asChosen(each, model, row),
                protocol,
                seed,
                execution,
                measures,
                new Labels(
                        each.label(), model.label(), row.optimizer(), row.strategy(), tuning(row)));
    }

    private static String tuning(Configuration row) {
        if (!row.isTuned()) {
            return "";
        }
        return row.tunedAs().isEmpty() ? "tuned" : "tuned-as=" + row.tunedAs();
    }

    private Component asChosen(Part each, Part model, Configuration row) {
        return row.tuner()
                .map(tuner -> chosen.get(new TuningCase(each, model, tuner)))
                .map(candidate -> row.component().with(candidate.options()))
                .orElse(row.component());
    }

    /** A study in the making that differs from another one in some components. */
    private static final class Copy {

        private String name;
        private String description;
        private List<Part> data;
        private List<Part> models;
        private List<Configuration> optimizers;
        private Protocol protocol;
        private int seeds;
        private Optional<Tuning> tuning;
        private Map<TuningCase, Tuner.Candidate> chosen;
        private Map<TuningCase, String> unchosen;
        private final Measures measures;
        private final CompareSettings compare;
        private final String reductions;
        private Execution execution;

        Copy(Study from) {
            name = from.name;
            description = from.description;
            data = from.data;
            models = from.models;
            optimizers = from.optimizers;
            protocol = from.protocol;
            seeds = from.seeds;
            tuning = from.tuning;
            chosen = from.chosen;
            unchosen = from.unchosen;
            measures = from.measures;
            compare = from.compare;
            reductions = from.reductions;
            execution = from.execution;
        }

        Study toStudy() {
            return new Study(
                    name,
                    description,
                    data,
                    models,
                    optimizers,
                    protocol,
                    seeds,
                    tuning,
                    chosen,
                    unchosen,
                    measures,
                    compare,
                    reductions,
                    execution);
        }
    }
}
