package io.github.caadam.experiments.execution;

import ai.djl.Device;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.dataset.TrainTestData;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.RegressionTraining;
import io.github.caadam.experiments.training.TrainingResult;
import java.util.Map;

/** Makes a run: trains, tests, and says what was run where. */
final class RunExecutor {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String study;
    private final TrainTestData data;
    private final Device device;

    RunExecutor(String study, TrainTestData data, Device device) {
        this.study = study;
        this.data = data;
        this.device = device;
    }

    RunRecord execute(RunSpec spec) {
        Map<String, String> environment = Environment.current(device);
        TrainingResult result =
                new RegressionTraining(
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
                "rmse",
                result.diverged() ? null : result.rmse(),
                result.diverged() ? null : result.mae(),
                result.seconds(),
                result.epochs(),
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
