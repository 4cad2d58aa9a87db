// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private static final DataSignature HOUSES =
            new DataSignature(Task.REGRESSION, new Shape(8), 1, new TargetScale(2, 3, "$1000"));
    private static final DataSignature FLOWERS =
            new DataSignature(Task.CLASSIFICATION, new Shape(4), 3, TargetScale.NONE);
    private static final DataSignature DIGITS =
            new DataSignature(Task.CLASSIFICATION, new Shape(64), 10, TargetScale.NONE);

    /** Predictions of 2.5, 0, 2, 8 for 3, -0.5, 2, 7, the example of scikit-learn's pages. */
    @Test
    void errorsAreThoseOfScikitLearn() {
        Map<String, Metric> metrics = Measures.NONE.start(HOUSES);
        for (Metric metric : metrics.values()) {
            metric.add(new float[] {2.5f, 0}, new float[] {3, -0.5f}, 4);
            metric.add(new float[] {2, 8}, new float[] {2, 7}, 1);
        }

        assertThat(metrics.keySet()).containsExactly("rmse", "mae", "r2", "loss");
        assertThat(metrics.get("rmse").value()).isCloseTo(Math.sqrt(0.375), within(1e-12));
        assertThat(metrics.get("mae").value()).isCloseTo(0.5, within(1e-12));
        assertThat(metrics.get("r2").value()).isCloseTo(0.9486081370449679, within(1e-12));
        assertThat(metrics.get("loss").value()).isCloseTo(2.5, within(1e-12));
    }

    @Test
    void constantTargetsHaveNoDetermination() {
        Metric r2 = Measures.NONE.start(HOUSES).get("r2");
        r2.add(new float[] {1, 2}, new float[] {3, 3}, 0);

        assertThat(r2.value()).isNaN();
    }

    /**
     * Classes 0, 1, 2, 0, 1, 2 predicted as 0, 2, 1, 0, 0, 1, the example of scikit-learn's
     * f1_score, whose macro average is 0.266….
     */
    @Test
    void classesAreCountedAsScikitLearnDoes() {
        Map<String, Metric> metrics = Measures.NONE.start(FLOWERS);
        int[] predicted = {0, 2, 1, 0, 0, 1};
        float[] targets = {0, 1, 2, 0, 1, 2};
        float[] outputs = new float[18];
        for (int i = 0; i < 6; i++) {
            outputs[3 * i + predicted[i]] = 1;
        }
        metrics.values().forEach(metric -> metric.add(outputs, targets, 0.5));

        assertThat(metrics.keySet()).containsExactly("accuracy", "loss", "f1", "log-loss");
        assertThat(metrics.get("accuracy").value()).isCloseTo(2.0 / 6, within(1e-12));
        assertThat(metrics.get("f1").value()).isCloseTo(0.8 / 3, within(1e-12));
        // Two rows with the largest output at their class, four with another.
        double right = Math.log(Math.E + 2) - 1;
        double wrong = Math.log(Math.E + 2);
        assertThat(metrics.get("log-loss").value())
                .isCloseTo((2 * right + 4 * wrong) / 6, within(1e-12));
    }

    @Test
    void classesThatNeitherOccurNorArePredictedDoNotCount() {
        Metric f1 = Measures.NONE.start(DIGITS).get("f1");
        float[] outputs = new float[20];
        outputs[3] = 1;
        outputs[17] = 1;
        f1.add(outputs, new float[] {3, 7}, 0);

        assertThat(f1.value()).isEqualTo(1);
    }

    @Test
    void fiveGuessesAreRightWhereTheClassIsAmongTheFiveLargest() {
        Metric metric = Measures.NONE.start(DIGITS).get("top-5");
        float[] falling = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
        metric.add(falling, new float[] {4}, 0);
        metric.add(falling, new float[] {5}, 0);
        // Of equal outputs the lower classes come first, as they do for the largest one.
        metric.add(new float[10], new float[] {4}, 0);
        metric.add(new float[10], new float[] {5}, 0);

        assertThat(metric.value()).isEqualTo(0.5);
    }

    /** Exponentials of such outputs are infinite. */
    @Test
    void logLossOfLargeOutputsIsFinite() {
        Metric logLoss = Measures.NONE.start(FLOWERS).get("log-loss");
        logLoss.add(new float[] {5000, 4000, 0}, new float[] {1}, 0);

        assertThat(logLoss.value()).isCloseTo(1000, within(1e-9));
    }

    @Test
    void unitsAndDirectionsAreShownWithTheNamedMetricFirst() {
        Measures named = new Measures(List.of(measure("r2"), measure("mae")));

        assertThat(named.shown(HOUSES))
                .containsExactly(
                        new Measures.Shown("r2", "", false),
                        new Measures.Shown("mae", "$1000", true),
                        new Measures.Shown("rmse", "$1000", true),
                        new Measures.Shown("loss", "", true));
        assertThat(Measures.NONE.shown(DIGITS))
                .extracting(Measures.Shown::label)
                .containsExactly("accuracy", "loss", "top-5", "f1", "log-loss");
        assertThat(named.start(HOUSES).keySet()).containsExactly("r2", "mae", "rmse", "loss");
    }

    @Test
    void metricsOfAnotherTaskAreRefused() {
        Measures named = new Measures(List.of(measure("top-5")));

        named.requireFit(DIGITS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named.requireFit(HOUSES))
                .withMessage("The metric top-5 means nothing here: it is for a classification.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named.requireFit(FLOWERS))
                .withMessage("The metric top-5 means nothing here: it is for 6 or more classes.");
    }

    private static Measure measure(String name) {
        return new Measure(name, Suite.CATALOG.named(Kind.METRIC, name, Map.of()));
    }

    @Test
    void everyMetricIsFoundByItsName() {
        assertThat(Suite.CATALOG.names(Kind.METRIC))
                .containsAll(
                        Arrays.asList(
                                "rmse",
                                "mae",
                                "r2",
                                "accuracy",
                                "top-5",
                                "f1",
                                "log-loss",
                                "loss"));
    }
}
