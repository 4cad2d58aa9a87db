// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.experiments.results.Place;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.Stint;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.NetworkTraining;
import io.github.caadam.experiments.training.TrainingCheckpoints;
import io.github.caadam.experiments.training.TrainingResult;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.OptimizerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a run: trains, tests, and says what was run where. */
final class RunExecutor {

    /** What PyTorch says of a GPU and of a CPU. */
    private static final List<String> OUT_OF_MEMORY =
            List.of("out of memory", "can't allocate memory");

    private final String study;
    private final DataSplit data;
    private final Device device;
    private final Optional<Path> checkpoints;

    /**
     * Creates an executor.
     *
     * @param study the study that asks for the runs
     * @param data their data
     * @param device where to train
     * @param checkpoints where the states of runs under way are kept and found; empty for nowhere
     */
    RunExecutor(String study, DataSplit data, Device device, Optional<Path> checkpoints) {
        this.study = study;
        this.data = data;
        this.device = device;
        this.checkpoints = checkpoints;
    }

    /**
     * Makes a run.
     *
     * @param afterEpoch what is run after each epoch
     * @throws IllegalStateException if the device has not the memory; the message says what to
     *     lower
     */
    RunRecord execute(RunSpec spec, Runnable afterEpoch) {
        try {
            return record(spec, Environment.place(device), Environment.now(), afterEpoch);
        } catch (EngineException e) {
            if (OUT_OF_MEMORY.stream().anyMatch(String.valueOf(e.getMessage())::contains)) {
                throw new IllegalStateException(
                        device
                                + " is out of memory; make fewer runs at a time with --workers, or"
                                + " lower the batch size of "
                                + spec.protocol().batchSize()
                                + ".",
                        e);
            }
            throw e;
        }
    }

    private RunRecord record(RunSpec spec, Place place, String started, Runnable afterEpoch) {
        TrainingCheckpoints kept = checkpoints(spec, place, started);
        TrainingResult result =
                new NetworkTraining(
                                data,
                                spec.model(),
                                spec.optimizer(),
                                spec.protocol(),
                                spec.seed(),
                                device,
                                spec.execution(),
                                spec.measures())
                        .run(kept, afterEpoch);
        List<Measures.Shown> shown = spec.measures().shown(data.signature());
        String metric = shown.get(0).label();
        String secondary = shown.get(1).label();
        RunStatus status = status(result, metric, secondary);
        boolean finished = status == RunStatus.FINISHED;
        Question question = spec.question(data.digest());
        return new RunRecord(
                question.id(),
                List.of(),
                study,
                status,
                spec.labels().data(),
                data.source(),
                spec.labels().model(),
                spec.labels().optimizer(),
                spec.labels().strategy(),
                spec.protocol().name(),
                spec.seed(),
                question,
                factors(spec),
                metric,
                finished ? result.metric(metric) : null,
                finished ? result.metric(secondary) : null,
                finished ? finite(result.metrics()) : Map.of(),
                null,
                result.seconds(),
                result.epochs(),
                result.steps(),
                result.bestEpoch(),
                result.history().stream()
                        .map(
                                epoch ->
                                        new RunRecord.EpochRecord(
                                                epoch.loss(),
                                                epoch.validationLoss(),
                                                epoch.learningRate(),
                                                epoch.monitored()))
                        .toList(),
                stints(
                        kept,
                        new Here(
                                place.with(Place.PATH, result.execution().label()),
                                Environment.commit(),
                                started,
                                spec.plugins()),
                        result.epochs()));
    }

    private static Map<String, Double> finite(Map<String, Double> metrics) {
        Map<String, Double> finite = new LinkedHashMap<>(metrics);
        finite.values().removeIf(value -> !Double.isFinite(value));
        return finite;
    }

    private static RunStatus status(TrainingResult result, String metric, String secondary) {
        if (result.diverged()) {
            return RunStatus.DIVERGED;
        }
        return Double.isFinite(result.metric(metric)) && Double.isFinite(result.metric(secondary))
                ? RunStatus.FINISHED
                : RunStatus.INVALID;
    }

    /** What those before this process said of themselves, and this one. */
    private static List<Stint> stints(TrainingCheckpoints kept, Here here, int epochs) {
        List<Stint> stints = new ArrayList<>();
        int from = 1;
        for (TrainingCheckpoints.Stretch stretch : kept.earlierPlaces()) {
            Here there = Here.fromJson(stretch.place());
            stints.add(there.stint(from, stretch.epochs()));
            from = stretch.epochs() + 1;
        }
        stints.add(here.stint(from, epochs));
        return stints;
    }

    private TrainingCheckpoints checkpoints(RunSpec spec, Place place, String started) {
        Place asked = place.with(Place.PATH, spec.execution().label());
        return checkpoints
                .map(
                        directory ->
                                TrainingCheckpoints.in(
                                        RunStore.checkpoint(directory, spec.id(data.digest())),
                                        new Here(
                                                        asked,
                                                        Environment.commit(),
                                                        started,
                                                        spec.plugins())
                                                .toJson()))
                .orElseGet(TrainingCheckpoints::none);
    }

    /**
     * What a process that goes on with a run is to know of this one.
     *
     * @param place where it makes the run
     * @param commit the commit of its code
     * @param started when it started
     * @param plugins the digests of the plug-ins of the run, by their names
     */
    private record Here(Place place, String commit, String started, Map<String, String> plugins) {

        static Here fromJson(String text) {
            try {
                return JsonLine.read(text, Here.class);
            } catch (UncheckedIOException e) {
                return new Here(Place.of(Map.of()), "", "", Map.of());
            }
        }

        Stint stint(int from, int to) {
            return new Stint(from, to, place, commit, started, plugins);
        }

        String toJson() {
            return JsonLine.write(this);
        }
    }

    /** What the run drew, by parameter in forward order. */
    private Map<String, Double> factors(RunSpec spec) {
        OptimizerFactory optimizer = spec.optimizer().factory(OptimizerFactory.class);
        ModelFactory model = spec.model().factory(ModelFactory.class);
        if (!optimizer.drawsFactors(spec.optimizer().options())) {
            return Map.of();
        }
        Block block;
        try {
            block = model.create(data.signature(), 0, spec.model().options());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(data.sampleShape()));
            return optimizer.drawnFactors(block, spec.seed(), spec.optimizer().options());
        } finally {
            model.release(block);
        }
    }
}
