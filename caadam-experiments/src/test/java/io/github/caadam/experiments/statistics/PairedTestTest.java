// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PairedTestTest {

    private static final double TOLERANCE = 1e-9;

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("scipy-effects.json", "cases").filter(node -> node.has("pairedT"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithSciPy(JsonNode expected) {
        PairedTest test =
                PairedTest.of(Golden.sample(expected, "a"), Golden.sample(expected, "b"), false);

        double t = Golden.number(expected, "pairedT");
        double p = Golden.number(expected, "pairedP");
        assertThat(test.t()).isCloseTo(t, within(TOLERANCE * Math.abs(t)));
        assertThat(test.p()).isCloseTo(p, within(TOLERANCE * p));
    }

    @Test
    void positiveIsBetter() {
        // Differences 1, 2, 3: t = 2/(1/√3).
        PairedTest test = PairedTest.of(Sample.of(1, 1, 1), Sample.of(2, 3, 4), true);

        assertThat(test.t()).isCloseTo(2 * Math.sqrt(3), within(1e-12));
        assertThat(test.pairs()).isEqualTo(3);
    }

    @Test
    void thereIsNoTestWithoutVarianceOrWithASinglePair() {
        assertThat(PairedTest.of(Sample.of(1, 2), Sample.of(2, 3), true).p()).isNaN();
        assertThat(PairedTest.of(Sample.of(1), Sample.of(2), true).p()).isNaN();
    }

    /** With rounding for variance t was 2.7e14, and p 1.4e-29. */
    @Test
    void differencesThatAreEqualButForRoundingAreNotTested() {
        PairedTest test =
                PairedTest.of(Sample.of(0.81, 0.82, 0.83), Sample.of(0.80, 0.81, 0.82), false);

        assertThat(test.t()).isNaN();
        assertThat(test.p()).isNaN();
        assertThat(test.untested()).contains(NoTest.NO_VARIATION);
    }

    @Test
    void differencesThatAreEqualInSinglePrecisionAreNotTested() {
        PairedTest test =
                PairedTest.of(
                        Sample.of(0.81f, 0.82f, 0.83f), Sample.of(0.80f, 0.81f, 0.82f), false);

        assertThat(test.untested()).contains(NoTest.NO_VARIATION);
    }

    @Test
    void infiniteValuesAreNotTested() {
        double infinite = Double.POSITIVE_INFINITY;

        assertThat(PairedTest.of(Sample.of(1, infinite), Sample.of(2, infinite), true).untested())
                .contains(NoTest.NOT_FINITE);
    }

    @Test
    void pairsHaveTwoSides() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedTest.of(Sample.of(1, 2), Sample.of(2), true))
                .withMessage("Pairs need as many values on both sides, found 2 and 1.");
    }
}
