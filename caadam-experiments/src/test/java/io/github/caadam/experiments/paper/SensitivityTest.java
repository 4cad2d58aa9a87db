// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.paper.Sensitivity.Choice;
import io.github.caadam.experiments.paper.Sensitivity.Gain;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Runs are drawn from surfaces that are known; the fits themselves are in QuadraticFitTest. */
class SensitivityTest {

    private static final int RUNS = 240;
    private static final double SIGMA = 0.8;
    private static final double NOISE = 0.002;

    /** The error as a function of log₂ of the factors of two weights and of the biases. */
    private interface Surface {
        double at(double first, double second, double biases);
    }

    @Test
    void findsTheFactorsAndTheGainOfTheSurfaceThatRunsWereDrawnFrom() {
        // Lowest, by 0.02·(0.25 + 1) = 0.025, at (0.5, -1, 0), for test and validation alike.
        Surface bowl = (a, b, c) -> 0.5 + 0.02 * (sq(a - 0.5) + sq(b + 1) + sq(c)) - 0.025;
        Sensitivity sensitivity = one(runs(bowl, bowl, RUNS));

        assertThat(sensitivity.dimensions())
                .containsExactly("01Linear_weight", "biases", "03Linear_weight");
        assertThat(sensitivity.runs()).isEqualTo(RUNS);
        assertThat(sensitivity.radius()).isCloseTo(2 * SIGMA, within(0.1));
        assertThat(sensitivity.test().at(0, 0, 0)).isCloseTo(0.5, within(0.002));
        for (Gain gain : sensitivity.gains().subList(1, 3)) {
            assertThat(gain.factors().get("01Linear_weight")).isCloseTo(Math.sqrt(2), within(0.05));
            assertThat(gain.factors().get("03Linear_weight")).isCloseTo(0.5, within(0.02));
            assertThat(gain.factors().get("biases")).isCloseTo(1, within(0.05));
            assertThat(gain.value()).isCloseTo(0.025, within(0.001));
            assertThat(gain.interval().contains(0.025)).isTrue();
            assertThat(gain.crossFitted()).isCloseTo(0.025, within(0.001));
        }
    }

    /** On the diagonal the bowl is 3·0.02·t² + 0.02·t + …, lowest at t = -1/6. */
    @Test
    void oneFactorForAllIsTakenOnTheDiagonal() {
        Surface bowl = (a, b, c) -> 0.5 + 0.02 * (sq(a - 0.5) + sq(b + 1) + sq(c));

        Gain gain = gain(one(runs(bowl, bowl, RUNS)), Choice.COMMON_FACTOR);

        assertThat(gain.choice()).isEqualTo(Choice.COMMON_FACTOR);
        assertThat(gain.factors().values())
                .allSatisfy(
                        factor ->
                                assertThat(factor).isCloseTo(Math.pow(2, -1.0 / 6), within(0.02)));
        assertThat(gain.value()).isCloseTo(0.06 / 36, within(0.0005));
    }

    @Test
    void whatValidationFavoursMayLoseOnTheTestRows() {
        Surface test = (a, b, c) -> 0.5 + 0.02 * a;
        Surface validation = (a, b, c) -> 0.5 - 0.02 * a;
        Sensitivity sensitivity = one(runs(test, validation, RUNS));

        double edge = 0.02 * sensitivity.radius();
        assertThat(gain(sensitivity, Choice.BY_LAYER).value()).isCloseTo(-edge, within(0.004));
        assertThat(gain(sensitivity, Choice.BY_LAYER_ON_TEST).value())
                .isCloseTo(edge, within(0.004));
    }

    /** The best of a fit to noise looks like a gain until other runs are asked. */
    @Test
    void noiseGainsOnlyWhereTheChoiceAndTheGainAreOfTheSameRuns() {
        Surface flat = (a, b, c) -> 0.5;

        Gain gain = gain(one(runs(flat, flat, 60)), Choice.BY_LAYER_ON_TEST);

        assertThat(gain.value()).isPositive();
        assertThat(gain.crossFitted()).isLessThan(gain.value() / 3);
    }

    @Test
    void tunedAdamStandsBesideTheFit() {
        Surface flat = (a, b, c) -> 0.5;
        List<RunRow> rows = runs(flat, flat, RUNS);
        assertThat(one(rows).baseline()).isEmpty();
        for (int i = 0; i < 3; i++) {
            rows.add(
                    new RunRowBuilder()
                            .by("Adam", "none tuned")
                            .run(i)
                            .result("rmse", 0.5 + i, 0)
                            .validationLoss(sq(0.6 + i))
                            .build());
        }

        assertThat(one(rows).baseline().orElseThrow().mean()).isCloseTo(1.5, within(1e-12));
        assertThat(one(rows).baselineValidation().orElseThrow().mean())
                .isCloseTo(1.6, within(1e-12));
    }

    @Test
    void tooFewRunsAndRunsWithoutFactorsAreNotFitted() {
        Surface flat = (a, b, c) -> 0.5;

        // Three dimensions have ten coefficients.
        assertThat(Sensitivity.of(RunGroup.of(StudyRuns.ofRows(runs(flat, flat, 29))).get(0)))
                .isEmpty();
        assertThat(Sensitivity.of(RunGroup.of(StudyRuns.ofRows(runs(flat, flat, 30))).get(0)))
                .hasSize(1);
        assertThat(
                        Sensitivity.of(
                                RunGroup.of(StudyRuns.ofRows(new RunRowBuilder().runsWith(1, 2)))
                                        .get(0)))
                .isEmpty();
    }

    private static Sensitivity one(List<RunRow> rows) {
        List<Sensitivity> all = Sensitivity.of(RunGroup.of(StudyRuns.ofRows(rows)).get(0));
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static Gain gain(Sensitivity sensitivity, Choice choice) {
        return sensitivity.gains().stream()
                .filter(gain -> gain.choice() == choice)
                .findFirst()
                .orElseThrow();
    }

    private static List<RunRow> runs(Surface test, Surface validation, int number) {
        Random random = new Random(5);
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            double a = SIGMA * random.nextGaussian();
            double b = SIGMA * random.nextGaussian();
            double c = SIGMA * random.nextGaussian();
            Map<String, Double> factors = new LinkedHashMap<>();
            factors.put("01Linear_weight", Math.pow(2, a));
            factors.put("01Linear_bias", Math.pow(2, c));
            factors.put("03Linear_weight", Math.pow(2, b));
            factors.put("03Linear_bias", Math.pow(2, c));
            double error = test.at(a, b, c) + NOISE * random.nextGaussian();
            double root = validation.at(a, b, c) + NOISE * random.nextGaussian();
            rows.add(
                    new RunRowBuilder()
                            .by("CaAdam", "log-normal tuned")
                            .run(i)
                            .result("rmse", error, 0)
                            .validationLoss(sq(root))
                            .factors(factors)
                            .build());
        }
        return rows;
    }

    private static double sq(double x) {
        return x * x;
    }
}
