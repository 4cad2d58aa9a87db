// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlateauTrackerTest {

    @ParameterizedTest
    @ValueSource(floats = {0f, -1f, Float.NaN, Float.POSITIVE_INFINITY})
    void baseValueMustBeAboveZero(float value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlateauTracker.builder().setBaseValue(value).build())
                .withMessageContaining("above 0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, Double.NaN})
    void factorMustReduceTheRate(double factor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlateauTracker.builder().optFactor(factor))
                .withMessageContaining("(0, 1)");
    }

    @Test
    void negativePatienceAndDeltaAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlateauTracker.builder().optPatience(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlateauTracker.builder().optMinDelta(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EarlyStopping.builder().optPatience(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EarlyStopping.builder().build().update(-1, 0));
        EarlyStopping stopping = EarlyStopping.builder().build();
        stopping.update(5, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stopping.update(2, 1))
                .withMessageContaining("found 2 after 5");
    }

    @Test
    void notANumberNeverImproves() {
        PlateauTracker tracker = PlateauTracker.builder().setBaseValue(1f).optPatience(2).build();

        assertThat(tracker.update(1)).isFalse();
        assertThat(tracker.update(Double.NaN)).isFalse();
        assertThat(tracker.update(Double.NaN)).isTrue();
        assertThat(tracker.value()).isEqualTo(0.1f);
    }
}
