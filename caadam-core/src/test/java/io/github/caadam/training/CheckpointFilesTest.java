// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Model;
import io.github.caadam.Logs;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What checkpoints do to the file system, and what it does to them. */
class CheckpointFilesTest {

    private final Model model = SaveInAnotherProcess.model();
    private final StatefulOptimizer optimizer = SaveInAnotherProcess.optimizer(model);

    @TempDir private Path temporary;

    @AfterEach
    void close() {
        optimizer.close();
        model.close();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void filesHaveThePermissionsOfNewFiles() throws IOException {
        Path parent = temporary.resolve("checkpoints");
        save(parent, 1);
        Path directory = Files.createDirectory(temporary.resolve("directory"));
        Path file = Files.createFile(temporary.resolve("file"));

        Path saved = Checkpoint.latest(parent).orElseThrow().directory();
        assertThat(Files.getPosixFilePermissions(saved))
                .isEqualTo(Files.getPosixFilePermissions(directory));
        for (String name : List.of("weights.npz", "optimizer.npz", "checkpoint.json")) {
            assertThat(Files.getPosixFilePermissions(saved.resolve(name)))
                    .isEqualTo(Files.getPosixFilePermissions(file));
        }
    }

    @Test
    void savingAnEpochAgainReplacesItsCheckpoint() throws Exception {
        for (int number = 1; number <= 3; number++) {
            setWeights(number);
            save(temporary, 5);
            assertThat(weightsOfLatest(5)).isEqualTo(number);
            assertThat(names(temporary)).hasSize(1);
        }
        save(temporary, 6);
        assertThat(names(temporary)).containsExactly("epoch-0006");
    }

    @Test
    void savingBelowALaterEpochIsRefusedAndWritesNothing() throws Exception {
        save(temporary, 5);
        assertThatIllegalStateException()
                .isThrownBy(() -> save(temporary, 4))
                .withMessageContaining("holds a checkpoint of epoch 5")
                .withMessageContaining("choose another directory");
        assertThat(names(temporary)).containsExactly("epoch-0005");
    }

    @Test
    void savingAnEpochAgainLeavesTheOthersThatAreKept() throws Exception {
        for (int epoch : List.of(1, 2, 2, 3, 3)) {
            Checkpoint.save(temporary, epoch, parts(), 2);
        }
        assertThat(names(temporary)).containsExactly("epoch-0002-2", "epoch-0003-2");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void leftoversOfAKilledSaveAreSweptByTheNextSaveAndByAskingForTheLatest() throws Exception {
        save(temporary, 1);
        killedWhileSaving();
        assertThat(Checkpoint.latest(temporary)).map(Checkpoint::epoch).contains(1);
        assertThat(names(temporary)).containsExactly("epoch-0001");

        killedWhileSaving();
        save(temporary, 2);
        assertThat(names(temporary)).containsExactly("epoch-0002");
    }

    private void killedWhileSaving() throws Exception {
        Process process = SaveInAnotherProcess.start("halt", temporary);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(9);
        assertThat(names(temporary)).hasSizeGreaterThan(1);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void saveThatRunsInAnotherProcessIsLeftAlone() throws Exception {
        Process process = SaveInAnotherProcess.start("wait", temporary);
        try {
            awaitLine(process);
            assertThat(Checkpoint.latest(temporary)).isEmpty();
            process.getOutputStream().close();
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(names(temporary)).containsExactly("epoch-0001");
        assertThat(weightsOfLatest(1)).isEqualTo(1);
    }

    /** A process that replaces the checkpoint of epoch 1 without end is killed at some moment. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void killWhileACheckpointIsReplacedLeavesTheOneBeforeOrTheNewOne() throws Exception {
        Random random = new Random(3);
        for (int kill = 0; kill < 3; kill++) {
            Process process = SaveInAnotherProcess.start("loop", temporary);
            awaitLine(process);
            Thread.sleep(100 + random.nextInt(100));
            process.destroyForcibly();
            process.waitFor();

            assertThat(weightsOfLatest(1)).isGreaterThanOrEqualTo(1);
        }
    }

    private static void awaitLine(Process process) throws IOException {
        InputStream out = process.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int c = out.read(); c != '\n'; c = out.read()) {
            assertThat(c).as("the process ended").isNotNegative();
            line.append((char) c);
        }
        assertThat(line.toString()).startsWith("sav");
    }

    /** Its paths are longer than the operating system takes, so that not even root deletes them. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void oldCheckpointThatCannotBeDeletedIsAWarningThatNamesIt() throws Exception {
        save(temporary, 1);
        Path old = Checkpoint.latest(temporary).orElseThrow().directory();
        Path outer = chain(old);
        Path inner = Files.createDirectory(temporary.resolve("inner"));
        chain(inner);
        Files.move(inner, outer.resolve("inner"));
        try {
            String log =
                    Logs.of(
                            () -> {
                                try {
                                    save(temporary, 2);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            assertThat(log).contains("The old checkpoint " + old + " cannot be deleted");
            assertThat(Checkpoint.latest(temporary)).map(Checkpoint::epoch).contains(2);
        } finally {
            try (Stream<Path> children = Files.list(temporary)) {
                for (Path child : children.toList()) {
                    Path deepest = child.resolve(old.relativize(outer)).resolve("inner");
                    if (Files.exists(deepest)) {
                        Files.move(deepest, inner);
                    }
                }
            }
        }
        assertThat(Checkpoint.latest(temporary)).map(Checkpoint::epoch).contains(2);
        assertThat(names(temporary)).containsExactly("epoch-0002", "inner");
    }

    /** Makes directories in each other, of some 2,400 characters in all. */
    private static Path chain(Path directory) throws IOException {
        Path last = directory;
        for (int i = 0; i < 12; i++) {
            last = last.resolve("d".repeat(200));
        }
        return Files.createDirectories(last);
    }

    private void save(Path parent, int epoch) throws IOException {
        Checkpoint.save(parent, epoch, parts(), 1);
    }

    private Map<String, Resumable> parts() {
        return SaveInAnotherProcess.parts(model, optimizer, "");
    }

    private void setWeights(float number) {
        model.getBlock()
                .getParameters()
                .values()
                .forEach(p -> p.getArray().set(new float[] {number, number, number}));
    }

    /** Loads the latest checkpoint whole; its weights are all one number. */
    private float weightsOfLatest(int epoch) throws Exception {
        Checkpoint latest = Checkpoint.latest(temporary).orElseThrow();
        assertThat(latest.epoch()).isEqualTo(epoch);
        try (Model loaded = SaveInAnotherProcess.model();
                StatefulOptimizer state = SaveInAnotherProcess.optimizer(loaded)) {
            latest.load(SaveInAnotherProcess.parts(loaded, state, ""));
            float[] weights = Networks.values(loaded.getBlock()).get(0);
            assertThat(weights).containsOnly(weights[0]);
            return weights[0];
        }
    }

    @Test
    void headOfAnotherFormatIsRefusedInWords() throws IOException {
        save(temporary, 1);
        Checkpoint saved = Checkpoint.latest(temporary).orElseThrow();
        Path head = saved.directory().resolve("checkpoint.json");
        Files.writeString(head, Files.readString(head).replace("\"format\": 1", "\"format\": 2"));

        assertThatIOException()
                .isThrownBy(() -> saved.load(parts()))
                .withMessageContaining(head + " has the format 2")
                .withMessageContaining("knows format 1 only");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"format\": 1}", "{\"format\": \"one\"}"})
    void headThatIsNoneIsRefused(String text) throws IOException {
        save(temporary, 1);
        Checkpoint saved = Checkpoint.latest(temporary).orElseThrow();
        Path head = saved.directory().resolve("checkpoint.json");
        Files.writeString(head, text);

        assertThatIOException()
                .isThrownBy(() -> saved.load(parts()))
                .withMessageContaining(head.toString());
        Files.delete(head);
        assertThatIOException()
                .isThrownBy(() -> saved.load(parts()))
                .withMessageContaining("is no checkpoint: it has no checkpoint.json");
    }

    @Test
    void partThatWasNotSavedIsRefusedBeforeAnythingIsLoaded() throws IOException {
        setWeights(1);
        save(temporary, 1);
        setWeights(2);
        Map<String, Resumable> more = new LinkedHashMap<>(parts());
        more.put("more.txt", parts().get("optimizer.npz"));

        assertThatIOException()
                .isThrownBy(() -> Checkpoint.latest(temporary).orElseThrow().load(more))
                .withMessageContaining("does not hold [more.txt]");
        assertThat(Networks.values(model.getBlock()).get(0)).containsOnly(2);
    }

    @Test
    void partThatIsNotAskedForIsAWarning() throws IOException {
        save(temporary, 1);
        Map<String, Resumable> fewer = new LinkedHashMap<>(parts());
        fewer.remove("optimizer.npz");
        String log =
                Logs.of(
                        () -> {
                            try {
                                Checkpoint.latest(temporary).orElseThrow().load(fewer);
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        assertThat(log).contains("optimizer.npz], which this training does not ask for");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "..", ".hidden", "a\\b", "checkpoint.json", "a b"})
    void partMustBeTheNameOfAFile(String name) {
        Map<String, Resumable> parts = Map.of(name, parts().get("optimizer.npz"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checkpoint.save(temporary, 1, parts, 1))
                .withMessageContaining("A part of a checkpoint is a file of its name");
        assertThat(temporary).isEmptyDirectory();
    }

    private static List<String> names(Path directory) {
        return Arrays.stream(directory.toFile().list()).sorted().toList();
    }
}
