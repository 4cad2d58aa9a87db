// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.experiments.dataset.TrainTestData;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.NetworkTraining;
import io.github.caadam.experiments.training.TrainingCheckpoints;
import io.github.caadam.experiments.training.TrainingResult;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureInspector;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes a run: trains, tests, and says what was run where. */
final class RunExecutor {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What PyTorch says of a GPU and of a CPU. */
    private static final List<String> OUT_OF_MEMORY =
            List.of("out of memory", "can't allocate memory");

    private final String study;
    private final TrainTestData data;
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
    RunExecutor(String study, TrainTestData data, Device device, Optional<Path> checkpoints) {
        this.study = study;
        this.data = data;
        this.device = device;
        this.checkpoints = checkpoints;
    }

    /**
     * Makes a run.
     *
     * @throws IllegalStateException if the device has not the memory; the message says what to
     *     lower
     */
    RunRecord execute(RunSpec spec) {
        try {
            return record(spec, Environment.current(device));
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

    private RunRecord record(RunSpec spec, Map<String, String> environment) {
        TrainingCheckpoints kept = checkpoints(spec, environment);
        TrainingResult result =
                new NetworkTraining(
                                DatasetRegistry.byName(spec.dataset()).task(),
                                data,
                                spec.model(),
                                spec.optimizer(),
                                spec.protocol(),
                                spec.seed(),
                                device,
                                spec.execution())
                        .run(kept);
        environment.put("execution", result.execution().label());
        if (!kept.earlierPlaces().isEmpty()) {
            environment.put("earlierEpochs", String.join("; ", kept.earlierPlaces()));
        }
        return new RunRecord(
                spec.id(data.digest()),
                study,
                result.diverged() ? RunRecord.DIVERGED : RunRecord.FINISHED,
                spec.dataset(),
                data.source(),
                data.digest(),
                spec.model().architecture(),
                spec.optimizer().optimizer(),
                spec.optimizer().label(spec.protocol()),
                spec.seed(),
                settings(spec),
                result.metric(),
                result.diverged() ? null : result.value(),
                result.diverged() ? null : result.secondary(),
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
                                                epoch.learningRate()))
                        .toList(),
                environment);
    }

    private TrainingCheckpoints checkpoints(RunSpec spec, Map<String, String> environment) {
        return checkpoints
                .map(
                        directory ->
                                TrainingCheckpoints.in(
                                        RunStore.checkpoint(directory, spec.id(data.digest())),
                                        place(environment)))
                .orElseGet(TrainingCheckpoints::none);
    }

    /** What a process that goes on with a run is to know of this one. */
    private static String place(Map<String, String> environment) {
        return Stream.of("device", "gpu", "cpu", "engine", "commit")
                .filter(environment::containsKey)
                .map(name -> name + " " + environment.get(name))
                .collect(Collectors.joining(", "));
    }

    private Map<String, JsonNode> settings(RunSpec spec) {
        Map<String, JsonNode> settings = spec.settings();
        if (spec.optimizer().scaling().isDrawn()) {
            settings.put("factors", JSON.valueToTree(factors(spec)));
        }
        return settings;
    }

    /** What the run drew, by parameter in forward order. */
    private Map<String, Double> factors(RunSpec spec) {
        Block block = spec.model().newBlock(data.sampleShape(), data.outputs(), 0);
        ScalingStrategy strategy = spec.optimizer().strategy(spec.seed());
        Map<String, Double> factors = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(data.sampleShape()));
            NetworkStructure network =
                    StructureInspector.inspect(block, spec.optimizer().convention());
            network.parameters()
                    .forEach(one -> factors.put(one.path(), strategy.factor(one, network)));
        }
        return factors;
    }
}
