// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogScaleTest {

    @ParameterizedTest
    @CsvSource({
        "1, 10.1, true",
        "1, 10, false",
        "1, 1, false",
        "0, 100, false",
        "-1, 100, false",
        "1e-9, 1e9, true"
    })
    void moreThanADecadeOfPositiveValuesIsLogarithmic(
            double smallest, double largest, boolean helps) {
        assertThat(LogScale.helps(DoubleStream.of(largest, smallest))).isEqualTo(helps);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0001, 0.0001",
        "0.0005, 0.0005",
        "0.2, 0.2",
        "1, 1",
        "50, 50",
        "1000, 1000",
        "100000, 1e5",
        "0.00002, 2e-5"
    })
    void labelsAreShort(double value, String label) {
        assertThat(LogScale.labels(value / 2, value * 20).apply(value)).isEqualTo(label);
    }

    @Test
    void fewerTicksAreLabelledOnLongerAxes() {
        Function<Double, String> halfADecade = LogScale.labels(1, 5);
        Function<Double, String> twoDecades = LogScale.labels(1, 100);
        Function<Double, String> sixDecades = LogScale.labels(1, 1e6);

        assertThat(halfADecade.apply(3.0)).isEqualTo("3");
        assertThat(twoDecades.apply(3.0)).isBlank();
        assertThat(twoDecades.apply(5.0)).isEqualTo("5");
        assertThat(sixDecades.apply(5.0)).isBlank();
        assertThat(sixDecades.apply(10.0)).isEqualTo("10");
    }

    @Test
    void powersOfTenAreRecognisedDespiteRounding() {
        for (int exponent = -4; exponent < 5; exponent++) {
            double value = Math.pow(10, exponent) * (exponent % 2 == 0 ? 1 - 1e-12 : 1 + 1e-12);
            assertThat(LogScale.labels(1e-4, 1e5).apply(value)).as("%s", value).isNotBlank();
        }
    }
}
