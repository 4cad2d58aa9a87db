// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlateauTrackerTest {

    @TempDir private Path directory;

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

    @Test
    void firstValueThatIsNotANumberIsNotTheBest() {
        PlateauTracker tracker = PlateauTracker.builder().setBaseValue(1f).optPatience(2).build();

        assertThat(tracker.update(Double.NaN)).isFalse();
        assertThat(tracker.update(5)).isFalse();
        assertThat(tracker.update(4)).isFalse();
        assertThat(tracker.update(4)).isFalse();
        assertThat(tracker.update(4)).isTrue();
    }

    @Test
    void maximumFallsWhereTheValueNoLongerRises() {
        PlateauTracker tracker =
                PlateauTracker.builder()
                        .setBaseValue(1f)
                        .optPatience(1)
                        .optMonitor(Monitor.maximum("validate_Accuracy"))
                        .build();

        assertThat(tracker.update(0.5)).isFalse();
        assertThat(tracker.update(0.6)).isFalse();
        assertThat(tracker.update(0.60005)).isTrue();
        assertThat(tracker.monitor().isMaximum()).isTrue();
    }

    /** Of rates that fall by thirds, in cooldowns, after NaN and infinities. */
    @Test
    void savedTrackerGoesOnAsIfItHadNotBeenSaved() throws IOException {
        Path file = directory.resolve("plateau.npz");
        double[] values = {
            Double.NaN, Double.POSITIVE_INFINITY, 1, 1, 1, 0.3, 0.3, 0.3, 0.3, 0.1, 2, 2, 2, 2, 2
        };
        for (int saved = 0; saved < values.length; saved++) {
            PlateauTracker whole = tracker();
            PlateauTracker before = tracker();
            PlateauTracker after = tracker();
            for (int i = 0; i < values.length; i++) {
                if (i == saved) {
                    before.save(file);
                    after.load(file);
                }
                whole.update(values[i]);
                (i < saved ? before : after).update(values[i]);
            }
            assertThat(after).as("saved after %d", saved).hasToString(whole.toString());
        }
        assertThat(tracker().update(1)).isFalse();
    }

    private static PlateauTracker tracker() {
        return PlateauTracker.builder()
                .setBaseValue(0.7f)
                .optFactor(1 / 3.0)
                .optPatience(1)
                .optCooldown(1)
                .build();
    }

    @Test
    void stateOfAnotherMonitorIsRefusedAndNothingChanges() throws IOException {
        Path file = directory.resolve("plateau.npz");
        tracker().save(file);
        PlateauTracker other =
                PlateauTracker.builder()
                        .setBaseValue(1f)
                        .optMonitor(Monitor.maximum("validate_Accuracy"))
                        .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> other.load(file))
                .withMessageContaining(
                        "another monitor: minimum of validate_loss there, maximum of"
                                + " validate_Accuracy here");
        assertThat(other.value()).isEqualTo(1f);
    }
}
