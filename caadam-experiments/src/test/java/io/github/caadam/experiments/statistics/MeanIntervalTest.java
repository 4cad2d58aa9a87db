package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MeanIntervalTest {

    @Test
    void intervalIsThatComputedByHand() {
        // Mean 3, s = √2.5, t(0.975; 4) = 2.776445 from a table of quantiles.
        Interval interval = MeanInterval.of(Sample.of(1, 2, 3, 4, 5));

        assertThat(interval.low()).isCloseTo(3 - 2.776445 * Math.sqrt(0.5), within(1e-6));
        assertThat(interval.high()).isCloseTo(3 + 2.776445 * Math.sqrt(0.5), within(1e-6));
    }

    @Test
    void singleValueHasNone() {
        assertThat(MeanInterval.of(Sample.of(1))).isEqualTo(Interval.UNDEFINED);
    }

    @Test
    void identicalValuesHaveAnIntervalOfNoWidth() {
        assertThat(MeanInterval.of(Sample.of(2, 2, 2))).isEqualTo(new Interval(2, 2));
    }
}
