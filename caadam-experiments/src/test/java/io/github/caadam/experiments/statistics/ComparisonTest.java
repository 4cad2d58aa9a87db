// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.statistics.inference.TTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {

    /** Relative; continued fractions of two libraries at p down to 1e-71. */
    private static final double TOLERANCE = 1e-10;

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("scipy-ttest.json", "cases");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithSciPy(JsonNode expected) {
        Comparison comparison =
                Comparison.of(Golden.sample(expected, "a"), Golden.sample(expected, "b"), false);

        assertClose(comparison.welchT(), Golden.number(expected, "welchT"));
        assertClose(comparison.welchP(), Golden.number(expected, "welchP"));
        assertClose(comparison.pooledT(), Golden.number(expected, "pooledT"));
        assertClose(comparison.pooledP(), Golden.number(expected, "pooledP"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithCommonsStatistics(JsonNode samples) {
        double[] a = Golden.doubles(samples, "a");
        double[] b = Golden.doubles(samples, "b");
        Comparison comparison = Comparison.of(Sample.of(a), Sample.of(b), false);
        TTest.Result welch = TTest.withDefaults().test(a, b);

        assertClose(comparison.welchT(), welch.getStatistic());
        assertClose(comparison.welchP(), welch.getPValue());
    }

    @Test
    void positiveIsBetterWhicheverWayTheMetricPoints() {
        Sample low = Sample.of(1, 1.5, 0.5);
        Sample high = Sample.of(2, 2.5, 1.5);

        Comparison error = Comparison.of(low, high, true);
        Comparison accuracy = Comparison.of(high, low, false);

        assertThat(error.improvementPercent()).isCloseTo(50, within(1e-12));
        assertThat(error.welchT()).isPositive();
        assertThat(accuracy.improvementPercent()).isCloseTo(100, within(1e-12));
        assertThat(accuracy.welchT()).isEqualTo(error.welchT());
        assertThat(Comparison.of(high, low, true).welchT()).isEqualTo(-error.welchT());
    }

    @Test
    void thereIsNoTestWithoutVarianceOrWithASingleValue() {
        Comparison identical = Comparison.of(Sample.of(2, 2), Sample.of(2, 2), true);
        Comparison single = Comparison.of(Sample.of(1), Sample.of(2, 3), true);

        assertThat(identical.improvementPercent()).isZero();
        assertThat(identical.welchP()).isNaN();
        assertThat(single.improvementPercent()).isCloseTo(60, within(1e-12));
        assertThat(single.pooledT()).isNaN();
    }

    @Test
    void roundingIsNoVariance() {
        // Sums that differ in the last digit, and the same value in single and double precision.
        Sample sums = Sample.of(0.1 + 0.2, 0.3, 0.3);
        Sample single = Sample.of(0.7f, 0.7);

        Comparison comparison = Comparison.of(sums, single, true);

        assertThat(comparison.welchT()).isNaN();
        assertThat(comparison.pooledP()).isNaN();
        assertThat(comparison.untested()).contains(NoTest.NO_VARIATION);
        assertThat(EffectSize.hedges(sums, single, true).g()).isNaN();
    }

    @Test
    void saysWhyThereIsNoTest() {
        Sample infinite = Sample.of(1, 2, Double.POSITIVE_INFINITY);

        Comparison comparison = Comparison.of(infinite, Sample.of(1, 2), true);

        assertThat(comparison)
                .isEqualTo(
                        new Comparison(
                                Double.NaN,
                                Double.NaN,
                                Double.NaN,
                                Double.NaN,
                                Double.NaN,
                                Optional.of(NoTest.NOT_FINITE)));
        assertThat(Comparison.of(Sample.of(1), Sample.of(1, 2), true).untested())
                .contains(NoTest.TOO_FEW);
        assertThat(Comparison.of(Sample.of(1, 2), Sample.of(1, 2), true).untested()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-170, 1, 1e170, 1e300})
    void isTheSameInEveryUnit(double unit) {
        Comparison plain = Comparison.of(Sample.of(1, 2, 4), Sample.of(2, 3, 5), true);
        Comparison scaled =
                Comparison.of(
                        Sample.of(unit, 2 * unit, 4 * unit),
                        Sample.of(2 * unit, 3 * unit, 5 * unit),
                        true);

        assertClose(scaled.welchT(), plain.welchT());
        assertClose(scaled.welchP(), plain.welchP());
        assertClose(scaled.pooledP(), plain.pooledP());
    }

    @Test
    void improvementIsInPercentOfAMeanWithoutItsSign() {
        assertThat(
                        Comparison.of(Sample.of(-1, -1.5), Sample.of(-2, -3), false)
                                .improvementPercent())
                .isCloseTo(50, within(1e-12));
        assertThat(Comparison.of(Sample.of(1, 2), Sample.of(-1, 1), false).improvementPercent())
                .isNaN();
    }

    @Test
    void samplesHaveNumbers() {
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.of());
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(1, Double.NaN));
    }

    @ParameterizedTest
    @CsvSource({"0.0009, ***", "0.001, **", "0.01, *", "0.05, ''", "NaN, ''"})
    void starsFollowThePaper(double p, String stars) {
        assertThat(Comparison.stars(p)).isEqualTo(stars);
    }

    private static void assertClose(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(Math.abs(expected) * TOLERANCE));
    }
}
