// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.caadam.internal.StateFile;
import io.github.caadam.training.EarlyStopping.Decision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyStoppingTest {

    private static final double NAN = Double.NaN;

    @TempDir private Path directory;

    @Test
    void notANumberIsNeverTheBest() {
        EarlyStopping stopping = EarlyStopping.builder().optPatience(3).build();

        assertThat(stopping.update(0, NAN)).isEqualTo(Decision.CONTINUE);
        assertThat(stopping.bestEpoch()).isEqualTo(-1);
        assertThat(stopping.update(1, 5)).isEqualTo(Decision.KEEP_WEIGHTS);
        assertThat(stopping.update(2, NAN)).isEqualTo(Decision.CONTINUE);
        assertThat(stopping.best()).isEqualTo(5);
    }

    @Test
    void stopsWhereNoValueIsANumber() {
        EarlyStopping stopping = EarlyStopping.builder().optPatience(2).build();

        stopping.update(0, NAN);
        assertThat(stopping.update(1, NAN)).isEqualTo(Decision.STOP);
        assertThat(stopping.stopReason()).contains("validate_loss was no number in any epoch");
    }

    @Test
    void infiniteLossIsImprovedUpon() {
        EarlyStopping stopping = EarlyStopping.builder().optPatience(2).build();

        assertThat(stopping.update(0, Double.POSITIVE_INFINITY)).isEqualTo(Decision.KEEP_WEIGHTS);
        assertThat(stopping.update(1, 1e30)).isEqualTo(Decision.KEEP_WEIGHTS);
    }

    @Test
    void largestValueIsTheBestOfAMaximum() {
        EarlyStopping stopping =
                EarlyStopping.builder()
                        .optMonitor(Monitor.maximum("validate_Accuracy"))
                        .optMinDelta(0.01)
                        .optPatience(2)
                        .build();

        assertThat(stopping.update(0, 0.5)).isEqualTo(Decision.KEEP_WEIGHTS);
        assertThat(stopping.update(1, 0.509)).isEqualTo(Decision.CONTINUE);
        assertThat(stopping.update(2, 0.52)).isEqualTo(Decision.KEEP_WEIGHTS);
        assertThat(stopping.update(3, 0.1)).isEqualTo(Decision.CONTINUE);
        assertThat(stopping.update(4, 0.2)).isEqualTo(Decision.STOP);
        assertThat(stopping.stopReason())
                .contains("validate_Accuracy has not improved since epoch 3");
    }

    @Test
    void stopsWithTheWeightsThatReachTheThreshold() {
        EarlyStopping stopping = EarlyStopping.builder().optPatience(9).optThreshold(0.25).build();

        assertThat(stopping.update(0, NAN)).isEqualTo(Decision.CONTINUE);
        assertThat(stopping.update(1, 0.3)).isEqualTo(Decision.KEEP_WEIGHTS);
        assertThat(stopping.stopReason()).isEmpty();
        assertThat(stopping.update(2, 0.25)).isEqualTo(Decision.KEEP_WEIGHTS_AND_STOP);
        assertThat(stopping.stopReason()).contains("validate_loss has reached 0.25: it is 0.25");

        EarlyStopping maximum =
                EarlyStopping.builder()
                        .optMonitor(Monitor.maximum("a", trainer -> 0))
                        .optStartFromEpoch(1)
                        .optThreshold(0.9)
                        .optPatience(9)
                        .build();
        assertThat(maximum.update(0, 0.95)).isEqualTo(Decision.CONTINUE);
        assertThat(maximum.update(1, 0.91)).isEqualTo(Decision.KEEP_WEIGHTS_AND_STOP);
    }

    @Test
    void timeOfAllProcessesCountsAndTheTimeBetweenDoesNot() throws IOException {
        Path file = directory.resolve("stopping.npz");
        AtomicLong clock = new AtomicLong(1_000);
        EarlyStopping first = limited(clock);
        first.start();
        clock.addAndGet(6_000);
        assertThat(first.update(0, 1)).isEqualTo(Decision.KEEP_WEIGHTS);
        first.save(file);

        AtomicLong later = new AtomicLong(-50_000_000);
        EarlyStopping second = limited(later);
        second.start();
        second.load(file);
        later.addAndGet(3_999);
        assertThat(second.update(1, 0.9)).isEqualTo(Decision.KEEP_WEIGHTS);
        assertThat(second.elapsed()).isEqualTo(Duration.ofNanos(9_999));
        later.addAndGet(1);
        assertThat(second.update(2, 0.95)).isEqualTo(Decision.STOP);
        assertThat(second.stopReason()).contains("the time limit of PT0.00001S is over");
    }

    private static EarlyStopping limited(AtomicLong clock) {
        return EarlyStopping.builder()
                .optPatience(100)
                .optTimeLimit(Duration.ofNanos(10_000))
                .optNanoTime(clock::get)
                .build();
    }

    @Test
    void savedStoppingDecidesAsIfItHadNotBeenSaved() throws IOException {
        Path file = directory.resolve("stopping.npz");
        double[] values = {NAN, 3, 2.5, 2.6, NAN, 2.4, 2.4, 2.45, 9, 9};
        for (int saved = 0; saved < values.length; saved++) {
            EarlyStopping whole = EarlyStopping.builder().optPatience(3).build();
            EarlyStopping before = EarlyStopping.builder().optPatience(3).build();
            EarlyStopping after = EarlyStopping.builder().optPatience(3).build();
            for (int i = 0; i < values.length; i++) {
                if (i == saved) {
                    before.save(file);
                    after.load(file);
                }
                assertThat((i < saved ? before : after).update(i, values[i]))
                        .isEqualTo(whole.update(i, values[i]));
            }
            assertThat(after).hasToString(whole.toString());
            assertThat(after.stopReason()).isEqualTo(whole.stopReason());
        }
    }

    @Test
    void stateOfAnotherMonitorFormatOrKindIsRefused() throws IOException {
        Path file = directory.resolve("stopping.npz");
        EarlyStopping stopping = EarlyStopping.builder().build();
        stopping.save(file);
        EarlyStopping other =
                EarlyStopping.builder().optMonitor(Monitor.minimum("train_loss")).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> other.load(file))
                .withMessageContaining(
                        "minimum of validate_loss there, minimum of train_loss here");

        StateFile.write(file, Map.of(), Map.of("format", 2, "kind", "a saved early stopping"));
        assertThatIOException()
                .isThrownBy(() -> stopping.load(file))
                .withMessageContaining("format 2, but")
                .withMessageContaining("knows format 1 only");
        PlateauTracker.builder().setBaseValue(1f).build().save(file);
        assertThatIOException()
                .isThrownBy(() -> stopping.load(file))
                .withMessage(file + " is not a saved early stopping, but a saved plateau tracker.");
        StateFile.write(
                file,
                Map.of(),
                Map.of(
                        "format",
                        1,
                        "kind",
                        "a saved early stopping",
                        "monitor",
                        "minimum of validate_loss",
                        "lastEpoch",
                        1.5));
        assertThatIOException()
                .isThrownBy(() -> stopping.load(file))
                .withMessage(file + " was changed: its value lastEpoch is 1.5.");
        assertThat(stopping.isUsed()).isFalse();
    }

    @Test
    void thresholdAndTimeLimitMustBeSome() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EarlyStopping.builder().optThreshold(NAN))
                .withMessageContaining("do not set it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EarlyStopping.builder().optTimeLimit(Duration.ZERO))
                .withMessageContaining("must be above 0, found PT0S");
    }
}
