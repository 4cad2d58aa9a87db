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

/** Exact values of mpmath: scripts/golden/mpmath_noncentral_t.py. */
class NoncentralTTest {

    /** Relative to the noncentrality's own uncertainty, √(1+t²/2ν). */
    private static final double TOLERANCE = 1e-9;

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("mpmath-noncentral-t.json", "cases");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void noncentralitiesAreExactHoweverLargeTIs(JsonNode expected) {
        double degreesOfFreedom = Golden.number(expected, "degreesOfFreedom");
        double t = Golden.number(expected, "t");
        double unit = Math.sqrt(1 + t * t / (2 * degreesOfFreedom));
        NoncentralT distribution = new NoncentralT(degreesOfFreedom);

        assertThat(distribution.noncentrality(t, 0.975))
                .isCloseTo(Golden.number(expected, "low"), within(TOLERANCE * unit));
        assertThat(distribution.noncentrality(t, 0.025))
                .isCloseTo(Golden.number(expected, "high"), within(TOLERANCE * unit));
    }

    @Test
    void probabilitiesOfBothSidesAddUpToOne() {
        NoncentralT distribution = new NoncentralT(7);

        assertThat(
                        distribution.cumulativeProbability(3, 2)
                                + distribution.cumulativeProbability(-3, -2))
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void withoutNoncentralityItIsStudentsT() {
        // The 97.5 % quantile with 10 degrees of freedom, from a table.
        assertThat(new NoncentralT(10).cumulativeProbability(2.228138852, 0))
                .isCloseTo(0.975, within(1e-9));
    }
}
