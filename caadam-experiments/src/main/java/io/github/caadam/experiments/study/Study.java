package io.github.caadam.experiments.study;

import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        String reductions,
        Execution execution) {

    /** Checks that there is something to run. */
    public Study {
        datasets = List.copyOf(datasets);
        models = List.copyOf(models);
        optimizers = List.copyOf(optimizers);
        fewerRuns = Map.copyOf(fewerRuns);
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
    }

    /**
     * Returns this study with another number of seeds.
     *
     * @param newRuns the number of seeds, 1 or more
     * @return the study; it names the reduction if there are fewer
     */
    public Study withRuns(int newRuns) {
        String reduced = newRuns < runs ? newRuns + " of " + runs + " seeds" : "";
        return new Study(
                name,
                description,
                datasets,
                models,
                optimizers,
                protocol,
                newRuns,
                fewerRuns,
                join(reductions, reduced),
                execution);
    }

    /**
     * Returns this study with another execution of epochs.
     *
     * @param newExecution how epochs are executed
     * @return the study
     */
    public Study withExecution(Execution newExecution) {
        return new Study(
                name,
                description,
                datasets,
                models,
                optimizers,
                protocol,
                runs,
                fewerRuns,
                reductions,
                newExecution);
    }

    /**
     * Returns this study with some of its data sets, models and optimizers: those whose name is
     * listed. An optimizer is named with its options, such as {@code caadam:additive averaged}, or
     * without, which means it with all its options. Of a kind of which none is listed, all are
     * kept.
     *
     * @param filter names of data sets, models and optimizers, separated by commas
     * @return the study, which names the reduction
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
        return new Study(
                name,
                description,
                newDatasets,
                newModels,
                newOptimizers,
                protocol,
                runs,
                fewerRuns,
                join(
                        join(
                                join(reductions, reduction(newDatasets, datasets, "data sets")),
                                reduction(newModels, models, "networks")),
                        reduction(newOptimizers, optimizers, "optimizers")),
                execution);
    }

    private static String reduction(List<?> kept, List<?> all, String what) {
        return kept.size() < all.size() ? kept.size() + " of " + all.size() + " " + what : "";
    }

    private boolean isNamed(OptimizerSpec optimizer, String wanted) {
        return optimizer.name().equals(wanted) || optimizer.fullName(protocol).equals(wanted);
    }

    private static String join(String first, String second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first + second;
        }
        return first + "; " + second;
    }

    /**
     * Returns the number of seeds of a network.
     *
     * @param model one of the networks
     * @return the number, 1 or more
     */
    public int runs(ModelSpec model) {
        return Math.min(runs, fewerRuns.getOrDefault(model, runs));
    }

    /**
     * Returns all runs, seeds outermost, so that a study that is half done has some seeds of every
     * configuration rather than all seeds of some.
     *
     * @return the runs
     */
    public List<RunSpec> runSpecs() {
        List<RunSpec> specs = new ArrayList<>();
        for (int seed = 0; seed < runs; seed++) {
            for (String dataset : datasets) {
                for (ModelSpec model : models) {
                    if (seed < runs(model)) {
                        for (OptimizerSpec optimizer : optimizers) {
                            specs.add(
                                    new RunSpec(
                                            dataset, model, optimizer, protocol, seed, execution));
                        }
                    }
                }
            }
        }
        return specs;
    }
}
