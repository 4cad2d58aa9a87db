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

class EffectSizeTest {

    /** SciPy's noncentral t has a relative accuracy of about 1e-9 in the tails. */
    private static final double TOLERANCE = 1e-6;

    static Stream<JsonNode> golden() throws IOException {
        return Golden.list("scipy-effects.json", "cases");
    }

    @ParameterizedTest
    @MethodSource("golden")
    void agreesWithSciPysNoncentralT(JsonNode expected) {
        EffectSize effect =
                EffectSize.hedges(
                        Golden.sample(expected, "a"), Golden.sample(expected, "b"), false);

        assertThat(effect.g()).isCloseTo(Golden.number(expected, "g"), within(TOLERANCE));
        assertThat(effect.low()).isCloseTo(Golden.number(expected, "gLow"), within(TOLERANCE));
        assertThat(effect.high()).isCloseTo(Golden.number(expected, "gHigh"), within(TOLERANCE));
    }

    @Test
    void isTheDifferenceInStandardDeviationsFreedFromBias() {
        // Means 2 and 3, both deviations 1; with 4 degrees of freedom J is Γ(2)/(√2·Γ(1.5)).
        EffectSize effect = EffectSize.hedges(Sample.of(1, 2, 3), Sample.of(2, 3, 4), true);

        assertThat(effect.g())
                .isCloseTo(1 / (Math.sqrt(2) * Math.sqrt(Math.PI) / 2), within(1e-12));
    }

    @Test
    void turnsRoundWithTheDirectionOfTheMetric() {
        Sample a = Sample.of(1, 2, 4);
        Sample b = Sample.of(2, 3, 5, 7);

        EffectSize error = EffectSize.hedges(a, b, true);
        EffectSize accuracy = EffectSize.hedges(a, b, false);

        assertThat(error.g()).isPositive().isEqualTo(-accuracy.g());
        assertThat(error.low()).isCloseTo(-accuracy.high(), within(1e-8));
    }

    @Test
    void isUndefinedWithoutVarianceOrWithASingleValue() {
        assertThat(EffectSize.hedges(Sample.of(1, 1), Sample.of(2, 2), true).g()).isNaN();
        assertThat(EffectSize.hedges(Sample.of(1), Sample.of(2, 3), true).low()).isNaN();
    }
}
