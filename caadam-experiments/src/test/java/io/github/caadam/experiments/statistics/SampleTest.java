// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void intervalIsThatComputedByHand() {
        // Mean 3, s = √2.5, t(0.975; 4) = 2.776445 from a table of quantiles.
        Interval interval = Sample.of(1, 2, 3, 4, 5).meanInterval();

        assertThat(interval.low()).isCloseTo(3 - 2.776445 * Math.sqrt(0.5), within(1e-6));
        assertThat(interval.high()).isCloseTo(3 + 2.776445 * Math.sqrt(0.5), within(1e-6));
    }

    @Test
    void welchAgainstASummaryIsWelchAgainstItsSample() {
        Sample other = Sample.of(2, 4, 6, 8);
        Sample sample = Sample.of(1, 2, 3, 4, 5);

        assertThat(sample.welchP(other.mean(), other.standardDeviation(), other.n()))
                .isCloseTo(Comparison.of(sample, other, true).welchP(), within(1e-12));
    }

    @Test
    void welchNeedsTwoValuesAndSomeVariance() {
        assertThat(Sample.of(1).welchP(2, 1, 3)).isNaN();
        assertThat(Sample.of(1, 1).welchP(2, 0, 3)).isNaN();
    }

    @Test
    void singleValueHasNone() {
        assertThat(Sample.of(1).meanInterval()).isEqualTo(Interval.UNDEFINED);
    }

    @Test
    void valuesThatDifferByRoundingHaveNone() {
        assertThat(Sample.of(2, 2, 2).meanInterval()).isEqualTo(Interval.UNDEFINED);
        assertThat(Sample.of(0.1 + 0.2, 0.3).meanInterval()).isEqualTo(Interval.UNDEFINED);
        assertThat(Sample.of(0.1 + 0.2, 0.3).welchP(0.4, 0, 3)).isNaN();
    }

    @Test
    void anInfiniteValueLeavesNoMean() {
        Sample sample = Sample.of(1, 2, Double.NEGATIVE_INFINITY);

        assertThat(sample.mean()).isNaN();
        assertThat(sample.standardDeviation()).isNaN();
        assertThat(sample.meanInterval()).isEqualTo(Interval.UNDEFINED);
        assertThat(sample.welchP(1, 1, 3)).isNaN();
    }

    @Test
    void theMedianExistsWhereValuesAreInfinite() {
        double never = Double.POSITIVE_INFINITY;

        assertThat(Sample.of(3, 1, 2).median()).isEqualTo(2);
        assertThat(Sample.of(1, 4, 2, 3).median()).isEqualTo(2.5);
        assertThat(Sample.of(1, 2, never).median()).isEqualTo(2);
        assertThat(Sample.of(1, never).median()).isEqualTo(never);
        assertThat(Sample.of(never).median()).isEqualTo(never);
    }
}
