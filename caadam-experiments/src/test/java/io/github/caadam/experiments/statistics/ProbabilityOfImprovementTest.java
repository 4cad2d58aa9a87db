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

class ProbabilityOfImprovementTest {

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("scipy-effects.json", "cases");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isTheStatisticOfMannAndWhitneyOverTheNumberOfPairs(JsonNode expected) {
        Sample a = Golden.sample(expected, "a");
        Sample b = Golden.sample(expected, "b");
        double wins = Golden.number(expected, "wins");

        assertThat(ProbabilityOfImprovement.of(a, b, false)).isCloseTo(wins, within(1e-12));
        assertThat(ProbabilityOfImprovement.of(a, b, true)).isCloseTo(1 - wins, within(1e-12));
    }

    @Test
    void tiesCountOneHalf() {
        assertThat(ProbabilityOfImprovement.of(Sample.of(1, 2), Sample.of(2, 3), true))
                .isEqualTo((1 + 1 + 0.5 + 1) / 4);
        assertThat(ProbabilityOfImprovement.of(Sample.of(1), Sample.of(1), true)).isEqualTo(0.5);
    }
}
