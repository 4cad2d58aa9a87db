// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {

    @TempDir private Path directory;

    @Test
    void runsAreReadBackAsTheyWereKept() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = run(RunRecord.FINISHED, 1.0 / 3);

        assertThat(store.contains(run.id())).isFalse();
        assertThat(store.find(run.id())).isEmpty();
        store.save(run);

        assertThat(store.contains(run.id())).isTrue();
        assertThat(new RunStore(directory).find(run.id())).contains(run);
        assertThat(directory.resolve("runs")).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void brokenRunIsRefusedByName() throws IOException {
        RunStore store = new RunStore(directory);
        Files.writeString(directory.resolve("runs/half.json"), "{\"id\": \"half\"");

        assertThatIOException()
                .isThrownBy(() -> store.find("half"))
                .withMessageContaining("half.json is not a run")
                .withMessageContaining("Delete it");
    }

    @Test
    void cleaningSetsBrokenRunsAsideAndRemovesHalfWrittenFiles() throws IOException {
        RunStore store = new RunStore(directory);
        store.save(run(RunRecord.FINISHED, 0.5));
        Path runs = directory.resolve("runs");
        Files.writeString(runs.resolve("half.json"), "{\"id\": \"half\"");
        Files.copy(runs.resolve("0123456789abcdef.json"), runs.resolve("another.json"));
        Files.writeString(runs.resolve("x.part"), "{");

        assertThat(store.clean())
                .containsExactlyInAnyOrder(
                        runs.resolve("half.json.corrupt"), runs.resolve("another.json.corrupt"));

        assertThat(store.all()).hasSize(1);
        assertThat(runs).isDirectoryNotContaining("glob:**.part");
        assertThat(store.clean()).isEmpty();
    }

    @Test
    void failureIsForgottenOnceItsRunHasAResult() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = run(RunRecord.FINISHED, 0.5);
        RunFailure failure =
                new RunFailure(
                        run.id(), "mlp:4", "killed", 2, "2026-01-01T00:00:00Z", List.of("x"));
        store.save(failure);

        assertThat(store.failures()).containsExactly(failure);
        store.save(run);
        assertThat(store.failures()).isEmpty();
    }

    @Test
    void checkpointIsForgottenOnceItsRunHasAResult() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = run(RunRecord.FINISHED, 0.5);
        Path other = RunStore.checkpoint(store.checkpoints(), "fedcba9876543210");
        Path own = RunStore.checkpoint(store.checkpoints(), run.id());
        Files.createDirectories(own.resolve("epoch-0001"));
        Files.createDirectories(other);

        store.save(run);
        assertThat(own).doesNotExist();
        assertThat(other).exists();
        store.discardCheckpoint(other.getFileName().toString());
        assertThat(store.checkpoints()).doesNotExist();
    }

    @Test
    void secondLockOnAStoreIsRefused() throws IOException {
        RunStore store = new RunStore(directory);
        try (StoreLock lock = store.lock()) {
            assertThat(lock).isNotNull();
            assertThatIOException()
                    .isThrownBy(() -> new RunStore(directory).lock())
                    .withMessageContaining("Another process is running a study into");
        }
        store.lock().close();
    }

    @Test
    void resultThatCannotBeKeptSaysWhatToDo() throws IOException {
        RunStore store = new RunStore(directory);
        Files.delete(directory.resolve("runs"));
        Files.createFile(directory.resolve("runs"));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.save(run(RunRecord.FINISHED, 0.5)))
                .withMessageContaining("could not be kept in " + directory)
                .withMessageContaining("the same command goes on");
    }

    @Test
    void mergeTakesWhatIsNewAndRefusesConflicts() throws IOException {
        RunRecord run = run(RunRecord.FINISHED, 0.5);
        RunStore one = new RunStore(directory.resolve("one"));
        one.save(run);
        one.save(
                new StudyPlan(
                        "study",
                        "",
                        1,
                        List.of(
                                new StudyPlan.PlannedRun(run.id(), "mlp:4 Adam:none", 0),
                                new StudyPlan.PlannedRun("other", "mlp:4 Adam:none", 1))));
        Path whole = directory.resolve("whole");
        RunStore target = new RunStore(whole);

        StoreMerge merge = new StoreMerge(target);
        merge.add(one);
        merge.add(one);
        StoreMerge.Outcome outcome = merge.finish(whole);

        assertThat(outcome.runs()).isEqualTo(1);
        assertThat(outcome.added()).isEqualTo(1);
        assertThat(outcome.missing()).extracting(StudyPlan.PlannedRun::seed).containsExactly(1);
        assertThat(RunsCsv.read(whole.resolve("runs.csv"))).hasSize(1);
        assertThat(outcome.unplanned()).isZero();

        RunStore two = new RunStore(directory.resolve("two"));
        two.save(run(RunRecord.FINISHED, 0.25));
        assertThatIOException()
                .isThrownBy(() -> new StoreMerge(target).add(two))
                .withMessageContaining("has two different results, 0.5 and 0.25");
    }

    @Test
    void runsThatNoPlanNamesAreLeftOutOfTheLines() throws IOException {
        RunStore target = new RunStore(directory);
        target.save(run(RunRecord.FINISHED, 0.5));
        target.save(
                new StudyPlan(
                        "study",
                        "",
                        1,
                        List.of(new StudyPlan.PlannedRun("other", "mlp:4 Adam:none", 1))));

        StoreMerge.Outcome outcome = new StoreMerge(target).finish(directory);

        assertThat(outcome.runs()).isEqualTo(1);
        assertThat(outcome.unplanned()).isEqualTo(1);
        assertThat(directory.resolve("runs.csv")).doesNotExist();
        assertThat(target.all()).hasSize(1);
    }

    @Test
    void divergedRunIsKeptButMakesNoRow() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = run(RunRecord.DIVERGED, null);
        store.save(run);

        assertThat(store.find(run.id())).contains(run);
        assertThatIllegalStateException().isThrownBy(() -> run.toRow("study", ""));
    }

    @Test
    void provenanceSumsUpWhatRunsHaveInCommon() throws IOException {
        Path file = directory.resolve("provenance.json");
        RunRecord run = run(RunRecord.FINISHED, 0.5);

        Provenance.of("study", "", List.of(run, run)).write(file);

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.get("runs").asInt()).isEqualTo(2);
        assertThat(json.get("trainingSeconds").asDouble()).isEqualTo(4);
        assertThat(json.get("environments").size()).isEqualTo(1);
        assertThat(json.get("environments").get(0).get("commit").asText()).isEqualTo("c0ffee");
    }

    private static RunRecord run(String status, Double value) {
        ObjectMapper json = new ObjectMapper();
        return new RunRecord(
                "0123456789abcdef",
                "study",
                status,
                "friedman1",
                "generated",
                "digest",
                "64-32",
                "Adam",
                "none",
                3,
                Map.of(
                        "protocol", json.createObjectNode().put("name", "paper"),
                        "optimizer", json.createObjectNode().put("gamma", 0.95)),
                "rmse",
                value,
                value,
                null,
                2,
                1,
                8,
                0,
                List.of(new RunRecord.EpochRecord(0.1, 0.2, 1e-3)),
                Map.of("commit", "c0ffee", "started", "2026-01-01T00:00:00Z"));
    }
}
