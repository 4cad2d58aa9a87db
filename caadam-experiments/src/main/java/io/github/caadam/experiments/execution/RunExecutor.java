package io.github.caadam.experiments.execution;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.experiments.dataset.TrainTestData;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.NetworkTraining;
import io.github.caadam.experiments.training.TrainingResult;
import java.util.Map;

/** Makes a run: trains, tests, and says what was run where. */
final class RunExecutor {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What PyTorch says of a GPU; a CPU without memory has the process killed. */
    private static final String OUT_OF_MEMORY = "out of memory";

    private final String study;
    private final TrainTestData data;
    private final Device device;

    RunExecutor(String study, TrainTestData data, Device device) {
        this.study = study;
        this.data = data;
        this.device = device;
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
            if (String.valueOf(e.getMessage()).contains(OUT_OF_MEMORY)) {
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
                        .run();
        environment.put("execution", result.execution().label());
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
                Map.of(
                        "optimizer",
                        JSON.valueToTree(spec.optimizer()),
                        "protocol",
                        JSON.valueToTree(spec.protocol())),
                result.metric(),
                result.diverged() ? null : result.value(),
                result.diverged() ? null : result.secondary(),
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
}
