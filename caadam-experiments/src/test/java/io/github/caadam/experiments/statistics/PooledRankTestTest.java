// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.caadam.experiments.statistics.PooledRankTest.Stratum;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PooledRankTestTest {

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("statsmodels-inference.json", "ranks");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithSciPyWithTheLostRunsAsTheWorst(JsonNode expected) {
        List<Stratum> strata = new ArrayList<>();
        expected.get("parts")
                .forEach(part -> strata.add(new Stratum(sample(part, "a"), sample(part, "b"))));

        PooledRankTest test = PooledRankTest.of(strata, true);

        assertThat(test.probability())
                .isCloseTo(Golden.number(expected, "probability"), within(1e-12));
        assertThat(test.z()).isCloseTo(Golden.number(expected, "z"), within(1e-10));
        assertThat(test.p()).isCloseTo(Golden.number(expected, "p"), within(1e-10));
    }

    @Test
    void problemsAreRankedEachByItself() {
        // Ranked together, the second problem's values would hide the first one's order.
        List<Stratum> strata =
                List.of(
                        new Stratum(Sample.of(1, 2, 3), Sample.of(4, 5, 6)),
                        new Stratum(Sample.of(101, 102, 103), Sample.of(104, 105, 106)));

        assertThat(PooledRankTest.of(strata, true).probability()).isEqualTo(1);
        assertThat(PooledRankTest.of(strata, false).probability()).isZero();
        assertThat(PooledRankTest.of(strata, true).p())
                .isLessThan(PooledRankTest.of(strata.subList(0, 1), true).p());
    }

    @Test
    void hasNoPWhereAllAreTheSame() {
        Sample same = Sample.of(1, 1, 1);

        assertThat(PooledRankTest.of(List.of(new Stratum(same, same)), true).p()).isNaN();
    }

    @Test
    void needsAProblem() {
        assertThatIllegalArgumentException().isThrownBy(() -> PooledRankTest.of(List.of(), true));
    }

    private static Sample sample(JsonNode part, String side) {
        return Sample.of(
                StreamSupport.stream(part.get(side).spliterator(), false)
                        .mapToDouble(
                                value ->
                                        value.isNull()
                                                ? Double.POSITIVE_INFINITY
                                                : value.asDouble())
                        .toArray());
    }
}
