// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected values are statsmodels' and SciPy's: scripts/golden/statsmodels_quadratic.py. */
class QuadraticFitTest {

    private static final double TOLERANCE = 1e-9;

    static Stream<JsonNode> fits() throws IOException {
        return Golden.list("statsmodels-quadratic.json", "fits");
    }

    @ParameterizedTest
    @MethodSource("fits")
    void coefficientsAndIntervalsAreThoseOfStatsmodels(JsonNode golden) {
        QuadraticFit fit = fit(golden);

        double[] low = Golden.doubles(golden, "low");
        double[] high = Golden.doubles(golden, "high");
        assertThat(fit.coefficients())
                .containsExactly(Golden.doubles(golden, "coefficients"), within(TOLERANCE));
        for (int i = 0; i < low.length; i++) {
            assertThat(fit.interval(i).low()).isCloseTo(low[i], within(TOLERANCE));
            assertThat(fit.interval(i).high()).isCloseTo(high[i], within(TOLERANCE));
        }
        assertThat(fit.rSquared()).isCloseTo(Golden.number(golden, "rSquared"), within(TOLERANCE));
        assertThat(fit.predictedRSquared())
                .isCloseTo(Golden.number(golden, "predictedRSquared"), within(TOLERANCE));
        assertThat(fit.residualDeviation())
                .isCloseTo(Golden.number(golden, "residualDeviation"), within(TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("fits")
    void gainAtAGivenPointHasTheIntervalOfALinearContrast(JsonNode golden) {
        QuadraticFit fit = fit(golden);
        double[] point = Golden.doubles(golden, "point");

        assertThat(fit.gain(point)).isCloseTo(Golden.number(golden, "gain"), within(TOLERANCE));
        assertThat(fit.gainInterval(point).low())
                .isCloseTo(Golden.number(golden, "gainLow"), within(TOLERANCE));
        assertThat(fit.gainInterval(point).high())
                .isCloseTo(Golden.number(golden, "gainHigh"), within(TOLERANCE));
    }

    /** SciPy's minimizer from many starts ends within 1e-9 of the lowest response. */
    @ParameterizedTest
    @MethodSource("fits")
    void minimumInTheBallIsAsLowAsThatOfSciPyAndWithinTheBall(JsonNode golden) {
        QuadraticFit fit = fit(golden);
        double radius = Golden.number(golden, "radius");
        double[] minimum = fit.minimumInBall(radius);
        double[] diagonal = fit.minimumOnDiagonal(radius);

        assertThat(norm(minimum)).isLessThanOrEqualTo(radius * (1 + 1e-9));
        assertThat(fit.at(minimum)).isCloseTo(Golden.number(golden, "lowest"), within(1e-8));
        assertThat(norm(diagonal)).isLessThanOrEqualTo(radius * (1 + 1e-9));
        assertThat(diagonal).containsOnly(diagonal[0]);
        assertThat(fit.at(diagonal))
                .isCloseTo(Golden.number(golden, "lowestOnDiagonal"), within(1e-8));
    }

    /** Noise of 0.01 on 400 points; every coefficient's standard error is below 0.002. */
    @Test
    void recoversTheSurfaceThatPointsWereDrawnFrom() {
        // a = 1, b = (0.1, −0.2), H = (0.5 0.1; 0.1 0.8): lowest at −H⁻¹b = (−10/39, 11/39).
        RandomGenerator random = new MersenneTwister(4);
        double[][] x = new double[400][2];
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i][0] = random.nextGaussian();
            x[i][1] = random.nextGaussian();
            y[i] =
                    1
                            + 0.1 * x[i][0]
                            - 0.2 * x[i][1]
                            + 0.25 * x[i][0] * x[i][0]
                            + 0.1 * x[i][0] * x[i][1]
                            + 0.4 * x[i][1] * x[i][1]
                            + 0.01 * random.nextGaussian();
        }

        QuadraticFit fit = QuadraticFit.of(x, y);

        assertThat(fit.coefficients())
                .containsExactly(new double[] {1, 0.1, -0.2, 0.5, 0.1, 0.8}, within(0.008));
        assertThat(fit.residualDeviation()).isCloseTo(0.01, within(0.002));
        assertThat(fit.minimumInBall(2))
                .containsExactly(new double[] {-10 / 39.0, 11 / 39.0}, within(0.02));
    }

    @Test
    void saddleWithoutSlopeIsLowestAtTheRim() {
        double[][] x = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}, {1, 1}, {-1, -1}, {0, 0}, {1, -1}};
        double[] y = Arrays.stream(x).mapToDouble(p -> p[0] * p[0] - p[1] * p[1]).toArray();

        double[] minimum = QuadraticFit.of(x, y).minimumInBall(2);

        assertThat(minimum[0]).isCloseTo(0, within(1e-6));
        assertThat(Math.abs(minimum[1])).isCloseTo(2, within(1e-6));
    }

    @Test
    void termsAreNamedInTheOrderOfTheCoefficients() {
        assertThat(QuadraticFit.termNames(List.of("a", "b")))
                .containsExactly("1", "a", "b", "a²/2", "a·b", "b²/2")
                .hasSize(QuadraticFit.size(2));
    }

    @Test
    void tooFewPointsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuadraticFit.of(new double[3][1], new double[3]))
                .withMessageContaining("more than its 3 coefficients, found 3 and 3");
    }

    private static QuadraticFit fit(JsonNode golden) {
        double[][] x =
                StreamSupport.stream(golden.get("x").spliterator(), false)
                        .map(
                                row ->
                                        StreamSupport.stream(row.spliterator(), false)
                                                .mapToDouble(JsonNode::asDouble)
                                                .toArray())
                        .toArray(double[][]::new);
        return QuadraticFit.of(x, Golden.doubles(golden, "y"));
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
    }
}
