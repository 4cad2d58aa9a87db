package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
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
                2,
                1,
                0,
                List.of(new RunRecord.EpochRecord(0.1, 0.2, 1e-3)),
                Map.of("commit", "c0ffee", "started", "2026-01-01T00:00:00Z"));
    }
}
