// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RankTestTest {

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("scipy-effects.json", "cases");
    }

    static Stream<JsonNode> ranks() throws IOException {
        return Golden.list("scipy-ranks.json", "ranks");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isTheStatisticOfMannAndWhitneyOverTheNumberOfPairs(JsonNode expected) {
        Sample a = Golden.sample(expected, "a");
        Sample b = Golden.sample(expected, "b");
        double wins = Golden.number(expected, "wins");

        assertThat(RankTest.of(a, b, false).probability()).isCloseTo(wins, within(1e-12));
        assertThat(RankTest.of(a, b, true).probability()).isCloseTo(1 - wins, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("ranks")
    void agreesWithSciPyWithTheLostRunsAsTheWorst(JsonNode expected) {
        RankTest test = RankTest.of(withLost(expected, "a"), withLost(expected, "b"), true);

        assertThat(test.p()).isCloseTo(Golden.number(expected, "p"), within(1e-10));
        assertThat(test.probability())
                .isCloseTo(Golden.number(expected, "probability"), within(1e-12));
    }

    @Test
    void tiesCountOneHalf() {
        assertThat(RankTest.of(Sample.of(1, 2), Sample.of(2, 3), true).probability())
                .isEqualTo((1 + 1 + 0.5 + 1) / 4);
        assertThat(RankTest.of(Sample.of(1), Sample.of(1), true).probability()).isEqualTo(0.5);
    }

    @Test
    void zerosOfBothSignsTie() {
        assertThat(RankTest.of(Sample.of(0.0), Sample.of(-0.0), true).probability()).isEqualTo(0.5);
    }

    @Test
    void whatLostRunsIsWorseThanWhatLostNone() {
        double[] good = {1, 2, 3, Double.POSITIVE_INFINITY};

        assertThat(RankTest.of(Sample.of(good), Sample.of(1, 2, 3, 4), true).probability())
                .isLessThan(0.5);
        assertThat(RankTest.of(Sample.of(good), Sample.of(good), true).probability())
                .isEqualTo(0.5);
    }

    @Test
    void hasNoPWhereAllAreTheSame() {
        assertThat(RankTest.of(Sample.of(1, 1), Sample.of(1, 1), true).p()).isNaN();
    }

    /** The values of the finished runs, and an infinite one for each that was lost. */
    private static Sample withLost(JsonNode expected, String side) {
        double[] lost = new double[expected.get(side + "Lost").asInt()];
        Arrays.fill(lost, Double.POSITIVE_INFINITY);
        return Sample.of(
                DoubleStream.concat(
                                DoubleStream.of(Golden.doubles(expected, side)),
                                DoubleStream.of(lost))
                        .toArray());
    }
}
