// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BootstrapIntervalTest {

    /**
     * Of the width: four standard errors of a percentile of 10,000 resamples, 0.7 % of the width,
     * for the tail that the correction of small skewed samples moves outwards.
     */
    private static final double TOLERANCE = 0.03;

    /** Samples of two and three values have few different resamples, on which percentiles step. */
    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("scipy-effects.json", "cases").filter(node -> node.get("a").size() > 3);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithSciPy(JsonNode expected) {
        Interval interval =
                BootstrapInterval.ofDifference(
                        Golden.sample(expected, "a"), Golden.sample(expected, "b"));

        double low = Golden.number(expected, "low");
        double high = Golden.number(expected, "high");
        assertThat(interval.low()).isCloseTo(low, within(TOLERANCE * (high - low)));
        assertThat(interval.high()).isCloseTo(high, within(TOLERANCE * (high - low)));
    }

    @Test
    void isTheSameEveryTime() {
        Sample a = Sample.of(1, 2, 4, 8);
        Sample b = Sample.of(2, 3, 5);

        assertThat(BootstrapInterval.ofDifference(a, b))
                .isEqualTo(BootstrapInterval.ofDifference(a, b));
    }

    @Test
    void isUndefinedWhereValuesDifferByRoundingOrAreInfinite() {
        Sample sums = Sample.of(0.1 + 0.2, 0.3, 0.3);

        assertThat(BootstrapInterval.ofDifference(sums, Sample.of(0.1, 0.1)))
                .isEqualTo(Interval.UNDEFINED);
        assertThat(
                        BootstrapInterval.ofDifference(
                                Sample.of(1, Double.POSITIVE_INFINITY), Sample.of(1, 2)))
                .isEqualTo(Interval.UNDEFINED);
    }

    @Test
    void isUndefinedForASingleValue() {
        Interval interval = BootstrapInterval.ofDifference(Sample.of(1), Sample.of(2, 3));

        assertThat(interval).isEqualTo(Interval.UNDEFINED);
        assertThat(interval.contains(0)).isFalse();
    }
}
