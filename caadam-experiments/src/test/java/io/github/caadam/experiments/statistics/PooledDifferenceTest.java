// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PooledDifferenceTest {

    private static final double TOLERANCE = 1e-10;

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("statsmodels-inference.json", "pooled");
    }

    private static PooledDifference pooled(JsonNode expected) {
        List<MeanDifference> parts = new ArrayList<>();
        expected.get("parts")
                .forEach(
                        part ->
                                parts.add(
                                        MeanDifference.of(
                                                Golden.sample(part, "a"),
                                                Golden.sample(part, "b"),
                                                false)));
        return PooledDifference.of(parts);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithStatsmodels(JsonNode expected) {
        PooledDifference pooled = pooled(expected);

        assertThat(pooled.parts()).isEqualTo(expected.get("parts").size());
        assertClose(pooled.gain(), Golden.number(expected, "gain"));
        assertClose(pooled.tauSquared(), Golden.number(expected, "tauSquared"));
        assertClose(
                pooled.standardError(),
                Math.max(
                        Golden.number(expected, "sdWeights"),
                        Golden.number(expected, "sdHartungKnapp")));
        assertClose(pooled.q(), Golden.number(expected, "q"));
        assertClose(pooled.qP(), Golden.number(expected, "qP"));
        assertClose(pooled.iSquared(), Math.max(0, Golden.number(expected, "iSquared")));
        assertClose(pooled.alone().gain(), Golden.number(expected, "aloneGain"));
        assertClose(pooled.alone().standardError(), Golden.number(expected, "aloneError"));
        assertClose(pooled.alone().degreesOfFreedom(), Golden.number(expected, "aloneDf"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isTestedByStudentsTOfOneDegreeOfFreedomLessThanProblems(JsonNode expected) {
        PooledDifference pooled = pooled(expected);
        TDistribution student = new TDistribution(null, pooled.parts() - 1.0, 1e-14);
        double t = pooled.gain() / pooled.standardError();
        double reach = student.inverseCumulativeProbability(0.975) * pooled.standardError();

        assertClose(pooled.p(), 2 * student.cumulativeProbability(-Math.abs(t)));
        assertClose(pooled.interval().low(), pooled.gain() - reach);
        assertClose(pooled.interval().high(), pooled.gain() + reach);
        assertClose(
                pooled.equivalence(1.5).p(),
                student.cumulativeProbability(
                        (Math.abs(pooled.gain()) - 1.5) / pooled.standardError()));
    }

    private static MeanDifference gain(double gain) {
        return MeanDifference.of(Sample.of(gain - 1, gain, gain + 1), Sample.of(-1, 0, 1), false);
    }

    @Test
    void equalGainsAreNoMoreCertainThanTheirOwnErrorsAllow() {
        PooledDifference pooled = PooledDifference.of(List.of(gain(1), gain(1), gain(1)));

        assertThat(pooled.gain()).isCloseTo(1, within(1e-15));
        assertThat(pooled.q()).isCloseTo(0, within(1e-20));
        assertThat(pooled.qP()).isEqualTo(1);
        assertThat(pooled.iSquared()).isZero();
        assertThat(pooled.tauSquared()).isZero();
        assertThat(pooled.standardError())
                .isCloseTo(gain(1).standardError() / Math.sqrt(3), within(1e-15));
    }

    @Test
    void gainsThatDifferByProblemWidenTheInterval() {
        PooledDifference alike = PooledDifference.of(List.of(gain(1), gain(1), gain(1)));
        PooledDifference unlike = PooledDifference.of(List.of(gain(-4), gain(1), gain(6)));

        assertThat(unlike.gain()).isCloseTo(1, within(1e-12));
        // On these three alone they widen nothing.
        assertThat(unlike.alone().gain()).isCloseTo(1, within(1e-12));
        assertThat(unlike.alone().standardError())
                .isCloseTo(alike.alone().standardError(), within(1e-15));
        assertThat(unlike.standardError()).isGreaterThan(3 * alike.standardError());
        assertThat(unlike.iSquared()).isBetween(0.8, 1.0);
        // With equal errors the mean is that of the gains, and their variance that of the sample.
        assertThat(unlike.tauSquared())
                .isCloseTo(25 - Math.pow(gain(1).standardError(), 2), within(1e-10));
        assertThat(unlike.standardError()).isCloseTo(Math.sqrt(25 / 3.0), within(1e-10));
    }

    @Test
    void aProblemWithoutATestDoesNotCount() {
        MeanDifference single = MeanDifference.of(Sample.of(9), Sample.of(0, 1), false);

        assertThat(PooledDifference.of(List.of(gain(1), single, gain(2))))
                .isEqualTo(PooledDifference.of(List.of(gain(1), gain(2))));
    }

    @Test
    void whatIsPooledCanBePooledAgain() {
        PooledDifference draws = PooledDifference.of(List.of(gain(-4), gain(1), gain(6)));

        assertThat(draws.toDifference().p()).isEqualTo(draws.p());
        assertThat(draws.toDifference().interval()).isEqualTo(draws.interval());
        assertThat(PooledDifference.of(List.of(draws.toDifference(), gain(1))).parts())
                .isEqualTo(2);
        assertThat(PooledDifference.of(List.of(gain(1))).toDifference().untested())
                .contains(NoTest.TOO_FEW_PROBLEMS);
    }

    @Test
    void oneProblemIsNoSampleOfProblems() {
        PooledDifference one = PooledDifference.of(List.of(gain(2)));
        PooledDifference none = PooledDifference.of(List.of());

        assertThat(one.gain()).isEqualTo(2);
        assertThat(one.alone()).isEqualTo(gain(2));
        assertThat(one.untested()).contains(NoTest.TOO_FEW_PROBLEMS);
        assertThat(one.p()).isNaN();
        assertThat(one.interval()).isEqualTo(Interval.UNDEFINED);
        assertThat(none.gain()).isNaN();
        assertThat(none.alone()).isEqualTo(MeanDifference.UNKNOWN);
        assertThat(none.untested()).contains(NoTest.TOO_FEW_PROBLEMS);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-150, 1e-300, 1e150})
    void isTheSameInEveryUnit(double unit) {
        PooledDifference plain = PooledDifference.of(List.of(gain(-4), gain(1), gain(6)));
        PooledDifference scaled =
                PooledDifference.of(
                        Stream.of(-4, 1, 6)
                                .map(
                                        gain ->
                                                MeanDifference.of(
                                                        Sample.of(
                                                                unit * (gain - 1),
                                                                unit * gain,
                                                                unit * (gain + 1)),
                                                        Sample.of(-unit, 0, unit),
                                                        false))
                                .toList());

        assertClose(scaled.p(), plain.p());
        assertClose(scaled.q(), plain.q());
        assertClose(scaled.standardError() / unit, plain.standardError());
    }

    private static void assertClose(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(Math.abs(expected) * TOLERANCE + 1e-300));
    }
}
