// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.statistics.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0.123456, +0.1235",
        "-0.123456, −0.1235",
        "0.00001, 0.0000",
        "-0.00001, 0.0000",
        "0, 0.0000",
        "NaN, –",
        "Infinity, –"
    })
    void signsNumbers(double value, String expected) {
        assertThat(Numbers.signed(value, 4)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0.00009, <\u00a00.0001",
        "0.0123456, 0.0123",
        "0.123456, 0.12",
        "1, 1.00",
        "NaN, –"
    })
    void printsProbabilitiesAsFarAsTheyMatter(double p, String expected) {
        assertThat(Numbers.p(p)).isEqualTo(expected);
    }

    @Test
    void printsIntervalsAndMeansOnlyAsFarAsTheyAreDefined() {
        assertThat(Numbers.interval(-1, 2.345, 2)).isEqualTo("−1.00 to 2.35");
        assertThat(Numbers.interval(Double.NaN, 2, 2)).isEqualTo("–");
        assertThat(Numbers.meanAndDeviation(Sample.of(1, 2, 3), 2)).isEqualTo("2.00 ± 1.00");
        assertThat(Numbers.meanAndDeviation(Sample.of(1), 2)).isEqualTo("1.00");
    }
}
