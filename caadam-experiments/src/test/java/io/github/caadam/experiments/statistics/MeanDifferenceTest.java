// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.TTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeanDifferenceTest {

    private static final double TOLERANCE = 1e-10;

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("statsmodels-inference.json", "differences");
    }

    private static MeanDifference difference(JsonNode expected) {
        return MeanDifference.of(Golden.sample(expected, "a"), Golden.sample(expected, "b"), false);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithStatsmodels(JsonNode expected) {
        MeanDifference difference = difference(expected);

        assertClose(difference.gain(), Golden.number(expected, "gain"));
        assertClose(difference.standardError(), Golden.number(expected, "standardError"));
        assertClose(difference.degreesOfFreedom(), Golden.number(expected, "df"));
        assertClose(difference.p(), Golden.number(expected, "p"));
        assertClose(difference.interval().low(), Golden.number(expected, "low"));
        assertClose(difference.interval().high(), Golden.number(expected, "high"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void equivalenceAgreesWithStatsmodels(JsonNode expected) {
        Equivalence equivalence =
                difference(expected).equivalence(Golden.number(expected, "margin"));

        assertClose(equivalence.p(), Golden.number(expected, "tost"));
        assertClose(equivalence.interval().low(), Golden.number(expected, "innerLow"));
        assertClose(equivalence.interval().high(), Golden.number(expected, "innerHigh"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void equivalenceIsTheLargerOfTheOneSidedTestsOfCommonsStatistics(JsonNode expected) {
        double[] a = Golden.doubles(expected, "a");
        double[] b = Golden.doubles(expected, "b");
        double margin = Golden.number(expected, "margin");
        double less =
                TTest.withDefaults()
                        .with(AlternativeHypothesis.LESS_THAN)
                        .withMu(margin)
                        .test(a, b)
                        .getPValue();
        double more =
                TTest.withDefaults()
                        .with(AlternativeHypothesis.GREATER_THAN)
                        .withMu(-margin)
                        .test(a, b)
                        .getPValue();

        assertClose(difference(expected).equivalence(margin).p(), Math.max(less, more));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isWelchsTestOfTheComparison(JsonNode expected) {
        assertClose(
                difference(expected).p(),
                Comparison.of(Golden.sample(expected, "a"), Golden.sample(expected, "b"), false)
                        .welchP());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void summariesGiveTheSame(JsonNode expected) {
        MeanDifference difference =
                MeanDifference.ofSummaries(
                        Golden.sample(expected, "a").summary(),
                        Golden.sample(expected, "b").summary(),
                        false);

        assertClose(difference.p(), Golden.number(expected, "p"));
        assertClose(difference.degreesOfFreedom(), Golden.number(expected, "df"));
        assertClose(difference.interval().low(), Golden.number(expected, "low"));
    }

    @Test
    void summariesWithoutADeviationHaveNoTest() {
        Summary known = new Summary(5, 1, 0.5);

        assertThat(
                        MeanDifference.ofSummaries(new Summary(1, 2, Double.NaN), known, true)
                                .untested())
                .contains(NoTest.TOO_FEW);
        assertThat(
                        MeanDifference.ofSummaries(new Summary(5, 2, Double.NaN), known, true)
                                .untested())
                .contains(NoTest.TOO_FEW);
        assertThat(
                        MeanDifference.ofSummaries(new Summary(5, 2, 0), new Summary(5, 1, 0), true)
                                .untested())
                .contains(NoTest.NO_VARIATION);
        assertThatIllegalArgumentException().isThrownBy(() -> new Summary(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Summary(2, 1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Summary(2, Double.NaN, 1));
    }

    @Test
    void positiveIsBetterWhicheverWayTheMetricPoints() {
        Sample low = Sample.of(1, 1.5, 0.5);
        Sample high = Sample.of(2, 2.5, 1.6);

        MeanDifference error = MeanDifference.of(low, high, true);
        MeanDifference accuracy = MeanDifference.of(low, high, false);

        assertThat(error.gain()).isPositive().isEqualTo(-accuracy.gain());
        assertThat(error.interval().low()).isCloseTo(-accuracy.interval().high(), within(1e-12));
        assertThat(error.equivalence(1).p()).isCloseTo(accuracy.equivalence(1).p(), within(1e-15));
    }

    @Test
    void equivalenceIsNeverEasierWithFewerRuns() {
        double[] a = {0.1, -0.1, 0.2, -0.2, 0.15, -0.15, 0.05, -0.05};
        double last = 0;
        for (int n = a.length; n >= 2; n -= 2) {
            Sample some = Sample.of(Arrays.copyOf(a, n));
            Sample others = Sample.of(Arrays.stream(a).limit(n).map(x -> -x).toArray());
            double p = MeanDifference.of(some, others, true).equivalence(0.3).p();

            assertThat(p).as("%d runs", n).isGreaterThan(last);
            last = p;
        }
    }

    @Test
    void whatHasNoTestSaysWhy() {
        MeanDifference single = MeanDifference.of(Sample.of(1), Sample.of(2, 3), true);
        MeanDifference same = MeanDifference.of(Sample.of(2, 2), Sample.of(2, 2), true);
        MeanDifference infinite =
                MeanDifference.of(Sample.of(1, Double.POSITIVE_INFINITY), Sample.of(2, 3), true);

        assertThat(single.gain()).isEqualTo(1.5);
        assertThat(single.untested()).contains(NoTest.TOO_FEW);
        assertThat(single.p()).isNaN();
        assertThat(single.interval()).isEqualTo(Interval.UNDEFINED);
        assertThat(single.equivalence(10).p()).isNaN();
        assertThat(same.untested()).contains(NoTest.NO_VARIATION);
        assertThat(same.equivalence(10).p()).isNaN();
        assertThat(infinite.untested()).contains(NoTest.NOT_FINITE);
        assertThat(infinite.gain()).isNaN();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-170, 1e170, 1e300})
    void isTheSameInEveryUnit(double unit) {
        MeanDifference plain = MeanDifference.of(Sample.of(1, 2, 4), Sample.of(2, 3, 5.5), true);
        MeanDifference scaled =
                MeanDifference.of(
                        Sample.of(unit, 2 * unit, 4 * unit),
                        Sample.of(2 * unit, 3 * unit, 5.5 * unit),
                        true);

        assertClose(scaled.p(), plain.p());
        assertClose(scaled.standardError() / unit, plain.standardError());
        assertClose(scaled.equivalence(2 * unit).p(), plain.equivalence(2).p());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aMarginIsAboveZeroAndFinite(double margin) {
        MeanDifference difference = MeanDifference.of(Sample.of(1, 2), Sample.of(2, 4), true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> difference.equivalence(margin))
                .withMessage("A margin must be above 0 and finite, found " + margin + ".");
    }

    private static void assertClose(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(Math.abs(expected) * TOLERANCE));
    }
}
