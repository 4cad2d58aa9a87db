// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.training.KilledTraining.Kind;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training that was interrupted and resumed ends with the same digits as one that was not. */
class ResumedTrainingTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource
    void interruptedInAnyEpochAndResumedIsNeverInterrupted(Kind kind) throws Exception {
        List<String> whole = KilledTraining.run(kind, directory.resolve("whole"));
        int epochs = (int) whole.stream().filter(line -> line.matches("[0-9.E-]+")).count();
        assertThat(epochs).isGreaterThan(2);
        for (int epoch = 0; epoch < epochs; epoch++) {
            Path interrupted = directory.resolve("interrupted-" + epoch);
            KilledTraining.interrupt(kind, interrupted, epoch);
            assertThat(KilledTraining.run(kind, interrupted))
                    .as("interrupted in epoch %d", epoch)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource
    void resumingATrainingThatHasEndedGivesItsEndAgain(Kind kind) throws Exception {
        List<String> whole = KilledTraining.run(kind, directory);
        assertThat(KilledTraining.run(kind, directory)).isEqualTo(whole);
    }

    /** DJL copies the mirrors into the block when the trainer is closed, after all listeners. */
    @Test
    void trainingOnMirrorsEndsAsOneOnTheModelItself() throws Exception {
        List<String> plain = KilledTraining.run(Kind.PLAIN, directory.resolve("plain"));
        assertThat(plain).as("best is not last").anyMatch(line -> line.matches(".*wait=[1-9]/3.*"));
        assertThat(KilledTraining.run(Kind.MIRRORED, directory.resolve("mirrored")))
                .isEqualTo(plain);
    }

    /** SIGKILL, twice: in the first epoch of the process, and in its third. */
    @ParameterizedTest
    @EnumSource(names = {"EAGER", "FUSED", "COMPILED", "DJL_ADAM", "FINE_TUNING", "TORCHSCRIPT"})
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void killedProcessesAreResumedToTheDigit(Kind kind) throws Exception {
        List<String> whole = KilledTraining.run(kind, directory.resolve("whole"));
        Path killed = directory.resolve("killed");
        for (int epoch : List.of(0, 2)) {
            Process process = KilledTraining.start(kind, killed, epoch);
            try (BufferedReader out =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(out.readLine()).isEqualTo("waiting");
            } finally {
                process.destroyForcibly();
                assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            }
        }
        assertThat(Checkpoint.latest(killed)).map(Checkpoint::epoch).contains(2);
        assertThat(KilledTraining.run(kind, killed)).isEqualTo(whole);
    }
}
