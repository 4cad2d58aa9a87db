// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.results.Stint;
import io.github.caadam.experiments.study.RunSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String OPTIMIZER =
            """
            {"optimizer": "Adam", "scaling": "NONE", "gamma": 0.0, "convention": "REFERENCE",
             "learningRate": 0.001, "weightDecay": 0.0}
            """;
    private static final String PROTOCOL =
            """
            {"name": "notebook", "batchSize": 128, "maxEpochs": 1000, "learningRate": 0.001,
             "stopPatience": 25, "stopFromEpoch": 12, "plateauPatience": 8, "plateauFactor": 0.25,
             "minLearningRate": 2.5e-5, "minDelta": 1e-5, "validationShare": 0.2, "epsilon": 1e-7,
             "epsilonPlacement": "UNCORRECTED", "convention": "REFERENCE",
             "sharedInitialWeights": true}
            """;

    @TempDir private Path directory;

    private Path before;
    private Path after;
    private List<RunSpec> specs;

    /** A store as the first format had it: a finished run, a diverged, a failed, two missing. */
    @BeforeEach
    void writeStore() throws IOException {
        before = directory.resolve("before");
        after = directory.resolve("after");
        specs = Suite.study("california-notebook").only("mlp:64-32,adam").runSpecs();
        write("runs/" + id(0) + ".json", run(0, "finished", 1.0 / 3));
        write("runs/" + id(1) + ".json", run(1, "diverged", null));
        write(
                "failed/" + id(2) + ".json",
                JSON.createObjectNode()
                        .put("id", id(2))
                        .put("label", "third")
                        .put("reason", "killed")
                        .put("attempts", 2)
                        .put("when", "")
                        .set("logTail", JSON.createArrayNode()));
        ObjectNode plan =
                JSON.createObjectNode()
                        .put("study", "california-notebook")
                        .put("reductions", "reduced")
                        .put("workers", 2);
        for (int seed = 0; seed < 4; seed++) {
            plan.withArray("/runs")
                    .addObject()
                    .put("id", id(seed))
                    .put("configuration", specs.get(seed).configuration())
                    .put("seed", seed);
        }
        plan.withArray("/runs")
                .addObject()
                .put("id", "0123456789abcdef")
                .put("configuration", "california-housing mlp:64-32 Nadam:none")
                .put("seed", 0);
        write("study.json", plan);
    }

    @Test
    void storeIsCopiedWithItsResultsPlanAndFailures() throws IOException {
        Map<String, String> untouched = tree(before);

        List<String> notes = Migration.migrate(before, after, Optional.empty());

        assertThat(tree(before)).isEqualTo(untouched);
        assertThat(notes).hasSize(2).last().asString().contains("1 planned runs");
        List<RunRow> rows = RunsCsv.read(after.resolve("runs.csv"));
        assertThat(rows)
                .extracting(RunRow::status)
                .containsExactly(
                        RunStatus.FINISHED,
                        RunStatus.DIVERGED,
                        RunStatus.FAILED,
                        RunStatus.MISSING);
        assertThat(rows).extracting(RunRow::alias).containsExactly(id(0), id(1), id(2), id(3));
        assertThat(rows)
                .extracting(RunRow::id)
                .containsExactlyElementsOf(
                        specs.subList(0, 4).stream().map(spec -> spec.id("d")).toList());
        assertThat(rows.get(0).value()).isEqualTo(1.0 / 3);
        assertThat(rows.get(0).reductions()).isEqualTo("reduced");
        RunRecord run = RunStore.existing(after).find(rows.get(0).id()).orElseThrow();
        assertThat(run.history()).hasSize(3);
        assertThat(run.history().get(0).loss()).isInfinite();
        assertThat(run.stints())
                .singleElement()
                .satisfies(
                        stint -> {
                            assertThat(stint.place().facts())
                                    .containsEntry("path", "compiled")
                                    .containsEntry("cpu", "AMD")
                                    .doesNotContainKeys("commit", "started");
                            assertThat(stint.commit()).isEqualTo("c0ffee");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"value", "secondary"})
    void runThatFinishedWithAMetricThatIsNotFiniteIsInvalid(String metric) throws IOException {
        write("runs/" + id(0) + ".json", run(0, "finished", 0.5).put(metric, Double.NaN));
        write(
                "runs/" + id(1) + ".json",
                run(1, "finished", 0.5).put(metric, Double.POSITIVE_INFINITY));
        write("runs/" + id(2) + ".json", run(2, "finished", 0.5));

        Migration.migrate(before, after, Optional.empty());

        assertThat(RunsCsv.read(after.resolve("runs.csv")))
                .extracting(RunRow::status)
                .containsExactly(
                        RunStatus.INVALID,
                        RunStatus.INVALID,
                        RunStatus.FINISHED,
                        RunStatus.MISSING);
    }

    @Test
    void earlierPlacesOfWhichMoreIsKnownHaveTheirEpochs() throws IOException {
        ObjectNode resumed = run(0, "finished", 0.5);
        ((ObjectNode) resumed.get("environment"))
                .put(
                        "earlierEpochs",
                        "on gpu(0), Xeon, by commit abc; on cpu(), AMD, by commit c0ffee");
        write("runs/" + id(0) + ".json", resumed);
        Path places =
                Files.writeString(
                        directory.resolve("places.json"),
                        "[{\"was\": \"on gpu(0), Xeon, by commit abc\", \"to\": 2, \"commit\":"
                                + " \"abc\", \"place\": {\"device\": \"gpu(0)\"}}]");

        Migration.migrate(before, after, Optional.of(places));

        List<Stint> stints =
                RunStore.existing(after).find(specs.get(0).id("d")).orElseThrow().stints();
        assertThat(stints).extracting(Stint::from).containsExactly(1, 3);
        assertThat(stints).extracting(Stint::to).containsExactly(2, 3);
        assertThat(Stint.describe(stints)).startsWith("epochs 1-2: device gpu(0); epochs 3-3: ");
    }

    @Test
    void cutFileIsLeftOutAndItsRunPlannedAgain() throws IOException {
        Files.writeString(before.resolve("runs/" + id(1) + ".json"), "{\"id");

        assertThat(Migration.migrate(before, after, Optional.empty()))
                .anyMatch(note -> note.contains(id(1) + ".json cannot be read"));
        assertThat(RunsCsv.read(after.resolve("runs.csv")).get(1).status())
                .isEqualTo(RunStatus.MISSING);
    }

    @Test
    void whatWasNotMadeOfItsOptionsIsRefused() throws IOException {
        ObjectNode forged = run(0, "finished", 0.5);
        ((ObjectNode) forged.at("/settings/protocol")).put("batchSize", 7);
        write("runs/" + id(0) + ".json", forged);

        assertThatIOException()
                .isThrownBy(() -> Migration.migrate(before, after, Optional.empty()))
                .withMessageContaining("its id is not that of its options");
        Files.createDirectories(after);
        assertThatIOException()
                .isThrownBy(() -> Migration.migrate(before, after, Optional.empty()))
                .withMessageContaining("is there already");
        assertThatIOException()
                .isThrownBy(
                        () ->
                                Migration.migrate(
                                        directory, directory.resolve("x"), Optional.empty()))
                .withMessageContaining("holds neither runs nor");
    }

    private String id(int seed) {
        return specs.get(seed).formerId("d").orElseThrow();
    }

    private ObjectNode run(int seed, String status, Double value) {
        RunSpec spec = specs.get(seed);
        ObjectNode json =
                JSON.createObjectNode()
                        .put("id", id(seed))
                        .put("study", "california-notebook")
                        .put("status", status)
                        .put("dataset", spec.labels().data())
                        .put("dataSource", "file")
                        .put("dataDigest", "d")
                        .put("architecture", "64-32")
                        .put("optimizer", "Adam")
                        .put("strategy", "none")
                        .put("run", seed)
                        .put("metric", "rmse")
                        .put("value", value)
                        .put("secondary", value)
                        .put("seconds", 1.5)
                        .put("epochs", 3)
                        .put("steps", 30)
                        .put("bestEpoch", 1);
        json.putObject("settings")
                .<ObjectNode>set("optimizer", formerly(OPTIMIZER))
                .set("protocol", formerly(PROTOCOL));
        for (int epoch = 0; epoch < 3; epoch++) {
            json.withArray("/history")
                    .addObject()
                    .put("loss", 1.0 / epoch)
                    .put("validationLoss", 0.5)
                    .put("learningRate", 0.001);
        }
        json.putObject("environment")
                .put("commit", "c0ffee")
                .put("started", "2026-01-01T00:00:00Z")
                .put("execution", "compiled")
                .put("device", "cpu()")
                .put("cpu", "AMD");
        return json;
    }

    private static JsonNode formerly(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, Object json) throws IOException {
        Path file = before.resolve(name);
        Files.createDirectories(file.getParent());
        JSON.writeValue(file.toFile(), json);
    }

    private static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(path.toString(), Files.readString(path));
            }
        }
        return files;
    }
}
