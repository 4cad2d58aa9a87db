// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against NumPy's own shuffles, made by scripts/golden/numpy_shuffle.py. */
class NumPyShuffleTest {

    static JsonNode golden() throws IOException {
        try (InputStream in =
                NumPyShuffleTest.class.getResourceAsStream("/golden/numpy-shuffle.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    static Stream<JsonNode> cases() throws IOException {
        return StreamSupport.stream(golden().get("cases").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void leavesTheIndicesWhereNumPyLeavesThem(JsonNode expected) {
        assertThat(
                        NumPyShuffle.permutation(
                                expected.get("n").asInt(), expected.get("seed").asInt()))
                .containsExactly(ints(expected.get("indices")));
    }

    @Test
    void splitOfCaliforniaHousingStartsAndEndsWithKerasRows() throws IOException {
        JsonNode expected = golden().get("california");
        int[] order = NumPyShuffle.permutation(20_640, 113);

        assertThat(order).startsWith(ints(expected.get("first")));
        assertThat(order)
                .containsSubsequence(ints(expected.get("firstTest")))
                .endsWith(expected.get("last").asInt());
        assertThat(order[16_512]).isEqualTo(expected.get("firstTest").get(0).asInt());
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    }
}
