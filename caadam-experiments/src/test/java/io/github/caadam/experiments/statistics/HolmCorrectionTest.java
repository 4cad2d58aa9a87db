// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HolmCorrectionTest {

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("scipy-effects.json", "holm");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithStatsmodels(JsonNode expected) {
        List<Double> pValues = Arrays.stream(Golden.doubles(expected, "p")).boxed().toList();

        double[] adjusted =
                HolmCorrection.adjust(pValues).stream().mapToDouble(Double::doubleValue).toArray();

        assertThat(adjusted).containsExactly(Golden.doubles(expected, "adjusted"), within(1e-14));
    }

    @Test
    void laterStepsAreNeverSmallerThanEarlierOnes() {
        // Ascending 0.01·3, 0.03·2, 0.04·1: the last would be below the one before.
        assertThat(HolmCorrection.adjust(List.of(0.04, 0.01, 0.03)))
                .containsExactly(0.06, 0.03, 0.06);
    }

    @Test
    void testsThatCouldNotBeMadeDoNotCount() {
        assertThat(HolmCorrection.adjust(List.of(0.02, Double.NaN, 0.5)))
                .containsExactly(0.04, Double.NaN, 0.5);
        assertThat(HolmCorrection.adjust(List.of())).isEmpty();
    }
}
