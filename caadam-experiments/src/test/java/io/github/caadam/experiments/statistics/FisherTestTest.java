// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FisherTestTest {

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("scipy-ranks.json", "fisher");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithSciPy(JsonNode expected) {
        double[] table = Golden.doubles(expected, "table");

        assertThat(FisherTest.p((int) table[0], (int) table[1], (int) table[2], (int) table[3]))
                .isCloseTo(Golden.number(expected, "p"), within(1e-12));
    }

    @Test
    void threeLostOfThirtyAgainstNoneIsThatComputedByHand() {
        // All three lost ones on one of two sides: 2·C(30, 3)/C(60, 3).
        assertThat(FisherTest.p(27, 3, 30, 0)).isCloseTo(2 * 4060 / 34220.0, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"30, 0, 30, 0", "0, 3, 0, 3", "0, 0, 30, 3", "30, 3, 0, 0"})
    void thereIsNoTestWhereNothingDiffers(int finished, int lost, int others, int othersLost) {
        assertThat(FisherTest.p(finished, lost, others, othersLost)).isNaN();
    }
}
