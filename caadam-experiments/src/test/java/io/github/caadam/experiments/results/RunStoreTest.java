// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunStoreTest {

    @TempDir private Path directory;

    @Test
    void runsAreReadBackAsTheyWereKept() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = new RunRecordBuilder().value(1.0 / 3).aliases("0123456789abcdef").build();

        assertThat(store.contains(run.id())).isFalse();
        assertThat(store.find(run.id())).isEmpty();
        store.save(run);

        assertThat(store.contains(run.id())).isTrue();
        assertThat(RunStore.existing(directory).find(run.id())).contains(run);
        assertThat(directory.resolve("runs")).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void runsWithoutAResultAreKeptWithTheirStatus() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord diverged = new RunRecordBuilder().without(RunStatus.DIVERGED).build();
        RunRecord invalid = new RunRecordBuilder().run(1).without(RunStatus.INVALID).build();
        PlannedRun failed = new RunRecordBuilder().run(2).planned();
        store.save(diverged);
        store.save(invalid);
        store.save(new RunFailure(failed.id(), failed.label(), "killed", 2, "", List.of()));
        store.plan(
                "study",
                "reduced",
                1,
                List.of(
                        diverged.planned(),
                        invalid.planned(),
                        failed,
                        new RunRecordBuilder().run(3).planned()));

        StudyRuns.of(store).write(directory);

        List<RunRow> lines = RunsCsv.read(directory.resolve("runs.csv"));
        assertThat(lines)
                .extracting(RunRow::status)
                .containsExactly(
                        RunStatus.DIVERGED, RunStatus.INVALID, RunStatus.FAILED, RunStatus.MISSING);
        assertThat(lines).extracting(RunRow::value).containsOnly(Double.NaN);
        assertThat(lines).extracting(RunRow::learningRate).containsOnly(1e-3);
        assertThat(lines).extracting(RunRow::reductions).containsOnly("reduced");
        assertThat(StudyRuns.of(store).lost()).isEqualTo(StudyRuns.ofRows(lines).lost());
    }

    /** What status reads of a store of many runs. */
    @Test
    void headsAreTheRunsWithoutEpochsAndPlaces() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = new RunRecordBuilder().build();
        RunRecord lost = new RunRecordBuilder().run(1).without(RunStatus.DIVERGED).build();
        RunRecord cut = new RunRecordBuilder().run(2).build();
        RunRecord garbled = new RunRecordBuilder().run(3).build();
        RunRecord empty = new RunRecordBuilder().run(4).build();
        for (RunRecord each : List.of(run, lost, cut, garbled, empty)) {
            store.save(each);
        }
        Path file = directory.resolve("runs/" + cut.id() + ".json");
        String whole = Files.readString(file);
        Files.writeString(file, whole.substring(0, whole.lastIndexOf('}')));
        file = directory.resolve("runs/" + garbled.id() + ".json");
        whole = Files.readString(file);
        Files.writeString(file, whole.replace("\"validationLoss\" : ", "\0\0\0"));
        Files.writeString(directory.resolve("runs/" + empty.id() + ".json"), "");

        assertThat(run.history()).isNotEmpty();
        List<RunRecord> heads = store.heads();

        assertThat(heads).extracting(RunRecord::id).containsExactlyInAnyOrder(run.id(), lost.id());
        assertThat(heads).allSatisfy(head -> assertThat(head.history()).isEmpty());
        for (RunRecord head : heads) {
            RunRecord read = head.id().equals(run.id()) ? run : lost;
            assertThat(head.status()).isEqualTo(read.status());
            assertThat(head.seconds()).isEqualTo(read.seconds());
            assertThat(head.question()).isEqualTo(read.question());
            assertThat(head.metrics()).isEqualTo(read.metrics());
            assertThat(head.answers(read.planned())).isTrue();
        }
    }

    @Test
    void brokenFilesAreWarnedOfOnceInTheirOrder() throws IOException {
        RunStore writer = new RunStore(directory);
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            RunRecord run = new RunRecordBuilder().run(i).build();
            writer.save(run);
            if (i % 3 == 0) {
                Files.writeString(directory.resolve("runs/" + run.id() + ".json"), "{");
                broken.add(run.id());
            }
        }
        broken.sort(null);
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            RunStore reader = RunStore.existing(directory);
            assertThat(reader.all())
                    .hasSize(40)
                    .extracting(RunRecord::id)
                    .isSorted()
                    .doesNotContainAnyElementsOf(broken);
            assertThat(reader.heads()).hasSize(40);
        } finally {
            System.setErr(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .extracting(
                        line -> line.replaceAll(".*([0-9a-f]{16})\\.json cannot be read.*", "$1"))
                .containsExactlyElementsOf(broken);
    }

    /** Values of several runs in any order, some of them null or NaN. */
    @Test
    void epochsAreReadAsTheyWereWritten() throws IOException {
        List<EpochRecord> plain =
                List.of(new EpochRecord(0.1, 0.2, 1e-3, null), new EpochRecord(5, -0.0, 0, null));
        List<EpochRecord> monitored =
                List.of(
                        new EpochRecord(Double.NaN, Double.NEGATIVE_INFINITY, 1e-3, 0.5),
                        new EpochRecord(1e-310, 0.2, 1.7976931348623157e308, null),
                        new EpochRecord(0.30000000000000004, 0.2, 4.9e-324, Double.NaN));
        RunStore store = new RunStore(directory);
        for (List<EpochRecord> epochs : List.of(plain, monitored)) {
            RunRecord run = new RunRecordBuilder().history(0, epochs).build();
            store.save(run);

            assertThat(run.history()).isEqualTo(epochs);
            assertThat(store.find(run.id()).orElseThrow()).isEqualTo(run);
            assertThat(store.find(run.id()).orElseThrow().history())
                    .isNotSameAs(run.history())
                    .containsExactlyElementsOf(epochs);
        }
    }

    /** A hundred thousand runs would take gigabytes otherwise. */
    @Test
    void whatRunsHaveInCommonIsInMemoryOnce() throws IOException {
        RunStore store = new RunStore(directory);
        for (int i = 0; i < 2; i++) {
            store.save(new RunRecordBuilder().run(i).build());
        }

        List<RunRecord> runs = store.all();
        RunRecord one = runs.get(0);
        RunRecord other = runs.get(1);

        assertThat(one.optimizer()).isSameAs(other.optimizer());
        assertThat(one.dataSource()).isSameAs(other.dataSource());
        assertThat(one.id()).isSameAs(one.question().id());
        assertThat(one.stints().get(0).place()).isSameAs(other.stints().get(0).place());
        assertThat(one.place()).isSameAs(other.place());
    }

    /** A disk that was full, or a power cut, leaves files like these. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{\"id\": \"", "null", "[]", "{}", "\0\0\0\0", "{\0\0\0\"id\""})
    void cutFilesOfAnyKindCountAsNotThereAndAreSetAside(String rest) throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = new RunRecordBuilder().build();
        RunRecord other = new RunRecordBuilder().run(1).build();
        store.save(run);
        store.save(other);
        store.plan("study", "", 1, List.of(run.planned(), other.planned()));
        store.save(new RunFailure("fedcba9876543210", "label", "killed", 1, "", List.of()));
        List<Path> files =
                List.of(
                        directory.resolve("runs/" + run.id() + ".json"),
                        directory.resolve("failed/fedcba9876543210.json"),
                        directory.resolve("plan.json"));
        for (Path file : files) {
            Files.writeString(file, rest);
        }
        Files.writeString(directory.resolve("store.json"), rest);
        Files.writeString(directory.resolve("runs/x.part"), rest);

        RunStore reader = RunStore.existing(directory);
        assertThat(reader.find(run.id())).isEmpty();
        assertThat(reader.plan()).isEmpty();
        assertThat(reader.failures()).isEmpty();
        assertThat(StudyRuns.read(directory).rows()).hasSize(1);

        RunStore writer = new RunStore(directory);
        assertThat(writer.clean())
                .containsExactlyInAnyOrderElementsOf(
                        files.stream().map(file -> Path.of(file + ".corrupt")).toList());
        assertThat(writer.clean()).isEmpty();
        assertThat(writer.all()).containsExactly(other);
        assertThat(directory.resolve("runs/x.part")).doesNotExist();
        assertThat(directory.resolve("store.json.corrupt")).hasContent(rest);
        assertThat(directory.resolve("store.json")).content().contains("\"format\":2");
    }

    /** A read of a pipe that nobody writes to never ends. */
    @ParameterizedTest
    @ValueSource(strings = {"mkfifo", "mkdir"})
    @DisabledOnOs(OS.WINDOWS)
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void onlyRegularFilesAreRunsAndPlans(String command) throws Exception {
        RunRecord run = new RunRecordBuilder().build();
        RunRecord other = new RunRecordBuilder().run(1).build();
        RunStore store = new RunStore(directory);
        store.save(other);
        store.save(new RunFailure(run.id(), "label", "killed", 1, "", List.of()));
        List<Path> files =
                List.of(
                        directory.resolve("runs/" + run.id() + ".json"),
                        directory.resolve("plan.json"));
        for (Path file : files) {
            assertThat(new ProcessBuilder(command, file.toString()).start().waitFor()).isZero();
        }

        assertThat(store.find(run.id())).isEmpty();
        assertThat(store.contains(run.id())).isFalse();
        assertThat(store.plan()).isEmpty();
        assertThat(store.failures()).hasSize(1);
        assertThat(StudyRuns.of(RunStore.existing(directory)).records()).containsExactly(other);
        assertThat(store.clean())
                .containsExactlyInAnyOrderElementsOf(
                        files.stream().map(file -> Path.of(file + ".corrupt")).toList());
        store.save(run);
        assertThat(store.find(run.id())).contains(run);
        assertThat(store.plan().orElseThrow().runs()).containsExactly(other.planned());
    }

    @Test
    void resultsAreTheSameWhereAllThatBothKnowIs() {
        Map<String, Double> factors = Map.of("weight", 1.5);
        RunRecord known = result(0.25, 8, 3, factors);
        int unknown = RunRecord.UNKNOWN_EPOCH;
        List<RunRecord> same =
                List.of(
                        known,
                        result(null, 8, 3, factors),
                        result(0.25, 0, 3, factors),
                        result(0.25, 8, unknown, factors),
                        result(0.25, 8, 3, Map.of()),
                        result(null, 0, unknown, Map.of()));
        List<RunRecord> others =
                List.of(
                        result(0.5, 8, 3, factors),
                        result(0.25, 9, 3, factors),
                        result(0.25, 8, 2, factors),
                        result(0.25, 8, 3, Map.of("weight", 2.5)));

        assertThat(same).allMatch(known::hasSameResultAs).allMatch(it -> it.hasSameResultAs(known));
        assertThat(others)
                .noneMatch(known::hasSameResultAs)
                .noneMatch(it -> it.hasSameResultAs(known));
    }

    /** A run without its epochs. */
    private static RunRecord result(
            Double validationLoss, long steps, int bestEpoch, Map<String, Double> factors) {
        RunRecord run = new RunRecordBuilder().build();
        return new RunRecord(
                run.id(),
                run.aliases(),
                run.study(),
                run.status(),
                run.dataset(),
                run.dataSource(),
                run.architecture(),
                run.optimizer(),
                run.strategy(),
                run.protocol(),
                run.run(),
                run.question(),
                factors,
                run.metric(),
                run.value(),
                run.secondary(),
                run.metrics(),
                validationLoss,
                run.seconds(),
                run.epochs(),
                steps,
                bestEpoch,
                List.of(),
                run.stints());
    }

    @Test
    void fileOfAnotherRunOrWithAnotherIdIsNoRun() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = new RunRecordBuilder().build();
        store.save(run);
        Path runs = directory.resolve("runs");
        Path own = runs.resolve(run.id() + ".json");
        Files.copy(own, runs.resolve("0123456789abcdef.json"));
        Files.writeString(
                own, Files.readString(own).replace("\"epochs\" : 1000", "\"epochs\" : 24"));

        assertThat(store.all()).isEmpty();
        assertThat(store.clean()).hasSize(2);
    }

    /** Else a table made of it would stop every command. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"optimizer\" : \"Adam\" | \"optimizer\" : \"Ad\\u0007am\"",
                "\"status\" : \"finished\", | ``",
                "\"value\" : 0.5 | \"value\" : \"NaN\"",
            })
    void fileOfWhichNoLineCanBeMadeIsSetAside(String good, String bad) throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = new RunRecordBuilder().value(0.5).build();
        store.save(run);
        Path file = directory.resolve("runs/" + run.id() + ".json");
        String text = Files.readString(file);
        assertThat(text).contains(good);
        Files.writeString(file, text.replace(good, bad));

        assertThat(store.all()).isEmpty();
        assertThat(store.clean()).containsExactly(Path.of(file + ".corrupt"));
    }

    @Test
    void planWithALabelThatCannotBePrintedIsSetAside() throws IOException {
        RunStore store = new RunStore(directory);
        store.plan("study", "", 1, List.of(new RunRecordBuilder().planned()));
        Path file = directory.resolve("plan.json");
        Files.writeString(file, Files.readString(file).replace("Adam", "Ad\\u0007am"));

        assertThat(store.plan()).isEmpty();
        assertThat(store.clean()).containsExactly(Path.of(file + ".corrupt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runs", "tables", "tuning", "checkpoints"})
    void linksToDirectoriesThatAreWrittenToAreRefused(String name) throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path out = Files.createDirectory(directory.resolve("out"));
        Files.createSymbolicLink(out.resolve(name), outside);

        assertThatIOException()
                .isThrownBy(() -> new RunStore(out))
                .withMessageContaining(out.resolve(name) + " is a link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void linkInThePlaceOfAStateGoesAndWhatItNamesStays() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("state"), "kept");
        RunStore store = new RunStore(directory.resolve("out"));
        Files.createDirectory(store.checkpoints());
        Path link = RunStore.checkpoint(store.checkpoints(), "0123456789abcdef");
        Files.createSymbolicLink(link, outside);

        store.clean();

        assertThat(link).doesNotExist();
        assertThat(outside.resolve("state")).hasContent("kept");
    }

    @Test
    void newerStoreIsRefusedUntouched() throws IOException {
        Files.writeString(directory.resolve("store.json"), "{\"format\": 3, \"more\": true}");

        assertThatIOException()
                .isThrownBy(() -> new RunStore(directory))
                .withMessageContaining("is a store of format 3")
                .withMessageContaining("Nothing was changed");
        assertThat(directory.toFile().list()).containsExactly("store.json");
    }

    @Test
    void olderStoreIsSentToMigration() throws IOException {
        Files.createDirectories(directory.resolve("runs"));
        Files.writeString(directory.resolve("study.json"), "{}");

        assertThatIOException()
                .isThrownBy(() -> new RunStore(directory))
                .withMessageContaining("caadam migrate");
        assertThatIOException()
                .isThrownBy(() -> RunStore.existing(directory))
                .withMessageContaining("caadam migrate");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("runs", "study.json");
    }

    @Test
    void failureIsForgottenOnceItsRunHasAResult() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord run = new RunRecordBuilder().build();
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
        RunRecord run = new RunRecordBuilder().build();
        Path other = RunStore.checkpoint(store.checkpoints(), "fedcba9876543210");
        Path own = RunStore.checkpoint(store.checkpoints(), run.id());
        Files.createDirectories(own.resolve("epoch-0001"));
        Files.createDirectories(other);

        store.save(run);
        assertThat(own).doesNotExist();
        assertThat(other).exists();
        // As a kill between the two leaves it.
        Files.createDirectories(own.resolve("epoch-0001"));
        assertThat(store.clean()).isEmpty();
        assertThat(own).doesNotExist();
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
                .isThrownBy(() -> store.save(new RunRecordBuilder().build()))
                .withMessageContaining("could not be kept in " + directory)
                .withMessageContaining("the same command goes on");
    }

    @Test
    void planGrowsAndNeverShrinks() throws IOException {
        RunStore store = new RunStore(directory);
        PlannedRun one = new RunRecordBuilder().planned();
        PlannedRun two = new RunRecordBuilder().run(1).planned();

        store.plan("study", "", 1, List.of(one, two));
        store.plan("study", "1 of 2 seeds", 2, List.of(one));

        assertThat(store.plan().orElseThrow().runs()).containsExactly(one, two);
    }

    @Test
    void planSaysHowRunsAreToBeComparedUntilItIsSaidOtherwise() throws IOException {
        RunStore store = new RunStore(directory);
        PlannedRun one = new RunRecordBuilder().planned();
        PlannedRun two = new RunRecordBuilder().run(1).planned();
        CompareSettings settings =
                new CompareSettings(
                        "ours",
                        "mae",
                        List.of("rmse"),
                        500.0,
                        Map.of("validation-loss", List.of(0.3, 0.25)),
                        List.of(Effort.EPOCHS),
                        "",
                        Map.of("means", "Table 7"));

        store.plan("study", "", 1, List.of(one), settings);
        store.plan("study", "", 1, List.of(two));

        assertThat(store.plan().orElseThrow().compare()).isEqualTo(settings);
        assertThat(StudyRuns.of(store).compare()).isEqualTo(settings);
        store.plan("study", "", 1, List.of(one), settings.withBaseline("SGD"));
        assertThat(StudyRuns.of(store).compare().baseline()).isEqualTo("SGD");
    }

    @Test
    void planThatIsOlderThanComparisonsSaysNothingOfThem() throws IOException {
        RunStore store = new RunStore(directory);
        store.plan("study", "", 1, List.of(new RunRecordBuilder().planned()));
        Path file = directory.resolve("plan.json");
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.indexOf(",\"compare\":")) + "}");

        assertThat(store.plan().orElseThrow().compare()).isEqualTo(CompareSettings.NONE);
    }

    @Test
    void planOfAnotherStudyIsRefused() throws IOException {
        RunStore store = new RunStore(directory);
        PlannedRun run = new RunRecordBuilder().planned();
        store.plan("one", "", 1, List.of(run));

        assertThatIOException()
                .isThrownBy(() -> store.plan("two", "", 1, List.of(run)))
                .withMessageContaining(directory + " holds runs of the study one")
                .withMessageContaining("name another directory")
                .withMessageContaining("--reuse " + directory);
        assertThat(store.plan().orElseThrow().study()).isEqualTo("one");
    }

    @Test
    void ofAPlanThatIsLostTheRunsThatWereMadeStayPlanned() throws IOException {
        RunStore store = new RunStore(directory);
        RunRecord made = new RunRecordBuilder().build();
        PlannedRun other = new RunRecordBuilder().run(1).planned();
        store.save(made);
        store.plan("study", "", 1, List.of(made.planned(), other));
        Files.writeString(directory.resolve("plan.json"), "");

        store.clean();
        assertThat(store.plan().orElseThrow().study()).isEmpty();
        store.plan("study", "1 of 2 seeds", 1, List.of(other));

        assertThat(store.plan().orElseThrow().study()).isEqualTo("study");

        assertThat(store.plan().orElseThrow().runs()).containsExactly(made.planned(), other);
    }

    @Test
    void oneLabelForTwoConfigurationsIsRefused() throws IOException {
        RunStore store = new RunStore(directory);
        store.plan("study", "", 1, List.of(new RunRecordBuilder().planned()));

        assertThatIOException()
                .isThrownBy(
                        () ->
                                store.plan(
                                        "study",
                                        "",
                                        1,
                                        List.of(new RunRecordBuilder().epochLimit(24).planned())))
                .withMessageContaining("friedman1 64-32 Adam:none paper seed 0")
                .withMessageContaining("protocol.epochs: 1000 and 24");
        assertThat(store.plan().orElseThrow().runs()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRunWithoutAChoiceGivesWayToOneWithItInWhateverOrder(boolean first) throws IOException {
        RunStore store = new RunStore(directory);
        PlannedRun chosen = new RunRecordBuilder().planned();
        PlannedRun unchosen = StoreMergeTest.withoutChoice(chosen);
        store.plan("study", "", 1, List.of(first ? unchosen : chosen));
        store.save(new RunFailure(unchosen.id(), "l", "nothing could be chosen", 0, "", List.of()));

        store.plan("study", "", 1, List.of(first ? chosen : unchosen));

        assertThat(store.plan().orElseThrow().runs()).containsExactly(chosen);
        assertThat(store.failures()).hasSize(first ? 0 : 1);
    }

    @Test
    void provenanceSumsUpWhatRunsHaveInCommon() throws IOException {
        Path file = directory.resolve("provenance.json");
        RunRecord run = new RunRecordBuilder().build();

        Provenance.of("study", "", List.of(run, run)).write(file);

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.get("runs").asInt()).isEqualTo(2);
        assertThat(json.get("trainingSeconds").asDouble()).isEqualTo(4);
        assertThat(json.get("places").size()).isEqualTo(1);
        assertThat(json.get("places").get(0).get("commit").asText()).isEqualTo("c0ffee");
        assertThat(json.has("plugins")).isFalse();
        assertThat(Provenance.find(file).orElseThrow().eachPlace())
                .containsExactly(run.stints().get(0).place());
    }

    @Test
    void provenanceNamesThePluginsOfAllRunsWithTheirDigests() throws IOException {
        Path file = directory.resolve("provenance.json");
        RunRecord ours =
                new RunRecordBuilder().plugins(Map.of("b.jar", "0b", "a.jar", "0a")).build();
        RunRecord others = new RunRecordBuilder().run(1).plugins(Map.of("b.jar", "0c")).build();

        Provenance.of("study", "", List.of(ours, ours, others)).write(file);

        assertThat(Provenance.find(file).orElseThrow().plugins())
                .containsExactly("a.jar: SHA-256 0a", "b.jar: SHA-256 0b", "b.jar: SHA-256 0c");
    }
}
