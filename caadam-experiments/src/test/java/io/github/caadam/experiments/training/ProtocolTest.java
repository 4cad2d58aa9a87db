// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.dataset.TableSamples;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {

    private static final Component CONSTANT =
            Suite.CATALOG.named(Kind.SCHEDULE, "constant", Map.of());

    private static Protocol protocol(Validation validation, Optional<Stopping> stopping) {
        return new Protocol(
                "p",
                8,
                6,
                0,
                validation,
                stopping,
                CONSTANT,
                false,
                0,
                Optional.empty(),
                0,
                Optional.empty());
    }

    /** Rows whose feature and target are their number. */
    private static DataSplit rows(int rows, int heldOut, TargetScale scale) {
        float[] values = new float[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = i;
        }
        return new DataSplit(
                new DataSignature(Task.REGRESSION, new Shape(1), 1, scale),
                new TableSamples(values, 1),
                values,
                heldOut,
                new TableSamples(values, 1),
                values,
                "d",
                "s",
                "");
    }

    private static float[][] parts(DataSplit data, Protocol protocol) {
        try (NDManager manager = NDManager.newBaseManager()) {
            FittedRows rows = FittedRows.of(data, protocol, manager);
            assertThat(rows.features().flatten().toFloatArray()).isEqualTo(flat(rows.targets()));
            assertThat(rows.validationFeatures().flatten().toFloatArray())
                    .isEqualTo(flat(rows.validationTargets()));
            return new float[][] {flat(rows.targets()), flat(rows.validationTargets())};
        }
    }

    private static float[] flat(NDArray array) {
        return array.flatten().toFloatArray();
    }

    @Test
    void theLastRowsAreHeldOutOrADrawThatIsTheSameEachTime() {
        DataSplit data = rows(10, 0, TargetScale.NONE);
        Protocol last = protocol(new Validation(0.3, Validation.Take.LAST), Optional.empty());
        Protocol drawn = protocol(new Validation(0.3, Validation.Take.SHUFFLED), Optional.empty());

        assertThat(parts(data, last)[1]).containsExactly(7, 8, 9);
        float[][] once = parts(data, drawn);
        assertThat(parts(data, drawn)).isDeepEqualTo(once);
        assertThat(once[1]).hasSize(3).isSorted().isNotEqualTo(new float[] {7, 8, 9});
        float[] all = Arrays.copyOf(once[0], 10);
        System.arraycopy(once[1], 0, all, 7, 3);
        Arrays.sort(all);
        assertThat(all).isEqualTo(data.trainTargets());
    }

    @Test
    void rowsThatTheDataHoldOutAreTaken() {
        DataSplit data = rows(10, 2, TargetScale.NONE);

        assertThat(parts(data, protocol(Validation.OF_DATA, Optional.empty()))[1])
                .containsExactly(8, 9);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                FittedRows.count(
                                        data, protocol(Validation.DEFAULT, Optional.empty())))
                .withMessageContaining("write validation: data in the protocol");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                FittedRows.count(
                                        rows(10, 0, TargetScale.NONE),
                                        protocol(Validation.OF_DATA, Optional.empty())))
                .withMessageContaining("The data hold out no rows for validation");
    }

    @Test
    void tooFewRowsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                FittedRows.count(
                                        rows(1, 0, TargetScale.NONE),
                                        protocol(Validation.DEFAULT, Optional.empty())))
                .withMessage(
                        "Of 1 training rows, 0 are left to train on and 1 to validate; there must"
                                + " be 1 or more of each.");
    }

    private static TrainingResult train(DataSplit data, Protocol protocol) {
        return train(data, protocol, Map.of());
    }

    private static TrainingResult train(
            DataSplit data, Protocol protocol, Map<String, Object> options) {
        Map<String, Object> all = new HashMap<>(Map.of("learning-rate", 0.01));
        all.putAll(options);
        return new NetworkTraining(
                        data,
                        Suite.model("mlp:4"),
                        Suite.optimizer("adam", protocol, all),
                        protocol,
                        1,
                        Device.cpu(),
                        Execution.COMPILED,
                        Measures.NONE)
                .run();
    }

    @Test
    void withoutEarlyStoppingTheLastWeightsAreTested() {
        TrainingResult result =
                train(Suite.friedman(), protocol(Validation.DEFAULT, Optional.empty()));

        assertThat(result.epochs()).isEqualTo(6);
        assertThat(result.bestEpoch()).isEqualTo(5);
    }

    /** Nothing improves by 1000, so that training stops as soon as patience allows. */
    @Test
    void bestOrLastWeightsAreTested() {
        Stopping best = new Stopping(2, 0, 1000, true);
        Stopping last = new Stopping(2, 0, 1000, false);

        TrainingResult ofBest =
                train(Suite.friedman(), protocol(Validation.DEFAULT, Optional.of(best)));
        TrainingResult ofLast =
                train(Suite.friedman(), protocol(Validation.DEFAULT, Optional.of(last)));

        assertThat(ofBest.epochs()).isEqualTo(3);
        assertThat(ofBest.bestEpoch()).isZero();
        assertThat(ofLast.epochs()).isEqualTo(3);
        assertThat(ofLast.bestEpoch()).isEqualTo(2);
        assertThat(ofLast.history()).isEqualTo(ofBest.history());
        assertThat(ofLast.metric("rmse")).isNotEqualTo(ofBest.metric("rmse"));
    }

    private static DataSplit scaled(DataSplit plain, TargetScale scale) {
        return new DataSplit(
                new DataSignature(Task.REGRESSION, plain.sampleShape(), 1, scale),
                plain.trainSamples(),
                plain.trainTargets(),
                0,
                plain.testSamples(),
                plain.testTargets(),
                "d",
                "s",
                "");
    }

    @Test
    void metricsAreInTheTargetsOwnUnit() {
        Protocol protocol = protocol(Validation.DEFAULT, Optional.empty());
        DataSplit plain = Suite.friedman();
        DataSplit scaled = scaled(plain, new TargetScale(20, 5, "m"));
        TrainingResult standardised = train(plain, protocol);
        TrainingResult restored = train(scaled, protocol);

        assertThat(restored.history()).isEqualTo(standardised.history());
        assertThat(restored.metric("rmse"))
                .isCloseTo(5 * standardised.metric("rmse"), within(1e-4));
        assertThat(restored.metric("mae")).isCloseTo(5 * standardised.metric("mae"), within(1e-4));
        assertThat(restored.metric("r2")).isCloseTo(standardised.metric("r2"), within(1e-5));
        assertThat(restored.metric("loss")).isEqualTo(standardised.metric("loss"));
    }

    @Test
    void lossAndPenaltyAreWhatTheProtocolSays() {
        Protocol plain = protocol(Validation.DEFAULT, Optional.empty());
        Protocol absolute =
                new Protocol(
                        "p",
                        8,
                        6,
                        0,
                        Validation.DEFAULT,
                        Optional.empty(),
                        CONSTANT,
                        false,
                        0,
                        Optional.of(Losses.MEAN_ABSOLUTE_ERROR),
                        0,
                        Optional.empty());
        Protocol penalized =
                new Protocol(
                        "p",
                        8,
                        6,
                        0,
                        Validation.DEFAULT,
                        Optional.empty(),
                        CONSTANT,
                        false,
                        0,
                        Optional.empty(),
                        0.1,
                        Optional.empty());

        TrainingResult byAbsolute = train(Suite.friedman(), absolute);
        assertThat(byAbsolute.metric("loss")).isCloseTo(byAbsolute.metric("mae"), within(1e-6));
        TrainingResult bySquares = train(Suite.friedman(), plain);
        assertThat(bySquares.metric("loss"))
                .isCloseTo(Math.pow(bySquares.metric("rmse"), 2), within(1e-6));
        TrainingResult byPenalty = train(Suite.friedman(), penalized);
        assertThat(byPenalty.metric("loss"))
                .isGreaterThan(Math.pow(byPenalty.metric("rmse"), 2) + 0.1);
    }

    /** 1,280 rows in batches of 8 are 160 batches, and 40 steps of four. */
    @Test
    void schedulesAndCountsAreOfStepsWhereAStepTakesSeveralBatches() {
        Protocol cosine =
                new Protocol(
                        "p",
                        8,
                        6,
                        0,
                        Validation.DEFAULT,
                        Optional.empty(),
                        Suite.CATALOG.named(Kind.SCHEDULE, "cosine", Map.of()),
                        false,
                        0,
                        Optional.empty(),
                        0,
                        Optional.empty());
        TrainingResult plain = train(Suite.friedman(), cosine, Map.of());
        TrainingResult accumulated =
                train(Suite.friedman(), cosine, Map.of("gradient-accumulation-steps", 4));

        assertThat(plain.steps()).isEqualTo(6 * 160);
        assertThat(accumulated.steps()).isEqualTo(6 * 40);
        for (int epoch = 0; epoch < 6; epoch++) {
            assertThat(accumulated.history().get(epoch).learningRate())
                    .isEqualTo(plain.history().get(epoch).learningRate());
        }
        assertThat(accumulated.history().get(5).learningRate()).isLessThan(0.001);
    }

    private static Protocol monitoring(String metric, String schedule, Stopping stopping) {
        return new Protocol(
                "p",
                8,
                6,
                0,
                Validation.DEFAULT,
                Optional.of(stopping),
                Suite.CATALOG.named(
                        Kind.SCHEDULE,
                        schedule,
                        schedule.equals("plateau")
                                ? Map.of("patience", 1, "factor", 0.5)
                                : Map.of()),
                false,
                0,
                Optional.empty(),
                0,
                Optional.of(Suite.CATALOG.named(Kind.METRIC, metric, Map.of())));
    }

    private static double[] monitored(TrainingResult result) {
        return result.history().stream().mapToDouble(TrainingResult.Epoch::monitored).toArray();
    }

    /** The target of all rows is far from the outputs, so that a rate of 1 swings. */
    @ParameterizedTest
    @ValueSource(strings = {"mae", "r2"})
    void bestWeightsAreThoseOfTheBestMonitoredValueInTheMetricsOwnDirection(String metric) {
        Protocol protocol = monitoring(metric, "constant", new Stopping(9, 0, 0, true));

        TrainingResult result = train(Suite.friedman(), protocol, Map.of("learning-rate", 0.5));

        double[] values = monitored(result);
        double best =
                metric.equals("mae")
                        ? Arrays.stream(values).min().orElseThrow()
                        : Arrays.stream(values).max().orElseThrow();
        assertThat(values[result.bestEpoch()]).isEqualTo(best);
        assertThat(best).isNotEqualTo(values[0]).isNotEqualTo(values[5]);
    }

    @Test
    void aMetricIsMonitoredWithoutChangingTheTraining() {
        Protocol plain = protocol(Validation.DEFAULT, Optional.of(new Stopping(9, 0, 0, true)));
        Protocol monitoring = monitoring("rmse", "constant", new Stopping(9, 0, 0, true));
        TargetScale scale = new TargetScale(20, 5, "m");
        DataSplit data = scaled(Suite.friedman(), scale);

        TrainingResult expected = train(data, plain);
        TrainingResult result = train(data, monitoring);

        assertThat(result.execution()).isEqualTo(Execution.COMPILED);
        assertThat(result.metrics()).isEqualTo(expected.metrics());
        for (int epoch = 0; epoch < 6; epoch++) {
            TrainingResult.Epoch one = result.history().get(epoch);
            assertThat(one.validationLoss())
                    .isEqualTo(expected.history().get(epoch).validationLoss());
            assertThat(expected.history().get(epoch).monitored()).isNull();
            assertThat(one.monitored())
                    .isCloseTo(5 * Math.sqrt(one.validationLoss()), within(1e-4));
        }
    }

    @Test
    void aPlateauIsOneOfTheMonitoredValueInTheMetricsOwnDirection() {
        Protocol protocol = monitoring("r2", "plateau", new Stopping(9, 0, 0, true));

        TrainingResult result = train(Suite.friedman(), protocol, Map.of("learning-rate", 0.2));

        double[] values = monitored(result);
        double best = Double.NEGATIVE_INFINITY;
        double rate = 0.2;
        int falls = 0;
        for (int epoch = 0; epoch < 6; epoch++) {
            assertThat(result.history().get(epoch).learningRate()).isCloseTo(rate, within(1e-6));
            if (values[epoch] > best + 1e-4) {
                best = values[epoch];
            } else {
                rate /= 2;
                falls++;
            }
        }
        assertThat(falls).isBetween(1, 4);
    }

    @Test
    void aMonitoredMetricThatMeansNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                NetworkTraining.requireFit(
                                        Suite.friedman(),
                                        monitoring(
                                                "accuracy",
                                                "constant",
                                                new Stopping(9, 0, 0, true))))
                .withMessage(
                        "The protocol monitors accuracy, which means nothing here: it is for a"
                                + " classification.");
    }

    @Test
    void aLossOfAnotherTaskIsRefused() {
        Protocol wrong =
                new Protocol(
                        "p",
                        8,
                        6,
                        0,
                        Validation.DEFAULT,
                        Optional.empty(),
                        CONSTANT,
                        false,
                        0,
                        Optional.of(Losses.SOFTMAX_CROSS_ENTROPY),
                        0,
                        Optional.empty());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> train(Suite.friedman(), wrong))
                .withMessage(
                        "The loss softmax-cross-entropy is for a classification, and the data ask"
                                + " for a regression.");
    }
}
