// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossCurveTest {

    private static List<EpochRecord> epochs(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(epoch -> new EpochRecord(epoch, 2 * epoch, 1e-3, null))
                .toList();
    }

    @Test
    void keepsShortHistoriesRounded() {
        LossCurve curve =
                LossCurve.of(
                        List.of(
                                new EpochRecord(0.123456789, 1234.5678, 1e-3, null),
                                new EpochRecord(Double.NaN, Double.POSITIVE_INFINITY, 1e-3, null)),
                        LossCurve.MOST);

        assertThat(curve.every()).isEqualTo(1);
        assertThat(curve.loss()).containsExactly(0.12346, null);
        assertThat(curve.validation()).containsExactly(1234.6, null);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 1, 2", "250, 1, 250", "251, 2, 126", "500, 3, 168", "1000, 5, 201"})
    void thinsLongHistoriesOutAndKeepsTheLastEpoch(int epochs, int every, int values) {
        LossCurve curve = LossCurve.of(epochs(epochs), LossCurve.MOST);

        assertThat(curve.every()).isEqualTo(every);
        assertThat(curve.loss()).hasSize(values).hasSizeLessThanOrEqualTo(LossCurve.MOST);
        assertThat(curve.loss().get(0)).isEqualTo(1);
        assertThat(curve.loss().get(values - 1)).isEqualTo(epochs);
        assertThat(curve.validation().get(values - 1)).isEqualTo(2 * epochs);
    }
}
