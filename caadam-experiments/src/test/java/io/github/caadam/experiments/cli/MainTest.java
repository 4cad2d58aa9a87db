// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.RealData;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecordBuilder;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.training.Execution;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    private static final String STUDY =
            """
            format: 1
            name: tiny
            data: [friedman1]
            models: ["mlp:4"]
            optimizers: [adam, "caadam:depth"]
            protocol:
              name: paper
              batch-size: 64
              epochs: 2
              validation: {share: 0.2, take: last}
              early-stopping: {patience: 15, min-delta: 1e-5}
              schedule:
                name: plateau
                options: {patience: 6, factor: 0.25, min-learning-rate: 2.5e-5, min-delta: 1e-5}
            seeds: 2
            reductions: at most 2 of 1000 epochs
            """;

    /**
     * On one kind of CPU the numbers are equal. Another kind rounds differently, which a training
     * amplifies to the deviation between seeds of 0.005: four of these.
     */
    private static final double ACROSS_MACHINES = 0.02;

    private static final String TUNED_STUDY =
            """
            format: 1
            name: tuned
            data: [friedman1]
            models: ["mlp:4", "mlp:8"]
            optimizers: [adam, {name: adam, tune: {learning-rate: [0.001, 0.03, 1.0e+30]}}]
            tuning: {seeds: 2}
            protocol:
              name: paper
              batch-size: 64
              epochs: 2
              validation: {share: 0.2, take: last}
              early-stopping: {patience: 15, min-delta: 1e-5}
              schedule:
                name: plateau
                options: {patience: 6, factor: 0.25, min-learning-rate: 2.5e-5, min-delta: 1e-5}
            seeds: 3
            """;

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Runs in this process, where processes do not matter. */
    private int run(String... arguments) {
        return caadam(with(new String[] {"run", "--in-process"}, arguments));
    }

    private int caadam(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    static Stream<CommandLine> commands() {
        return withSubcommands(Main.commandLine());
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(MainTest::withSubcommands));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithAnExample(CommandLine command) {
        assertThat(command.getUsageMessage()).contains("--help").containsPattern("Examples?:");
    }

    @Test
    void listNamesEverything() {
        assertThat(caadam("list")).isZero();
        assertThat(out.toString())
                .contains("quickstart")
                .contains("california-housing")
                .contains("mlp:UNITS-UNITS")
                .containsPattern("resnet20 +the paper's ResNet-20")
                .contains("vgg16")
                .contains("caadam:multiplicative")
                .contains("california-controls")
                .contains("(3025 runs)")
                .contains("(1950 runs and 1800 to tune)")
                .contains("notebook");
    }

    @Test
    void listOfANameHasItsOptions() {
        assertThat(caadam("list", "optimizer", "caadam:depth")).isZero();
        assertThat(out.toString())
                .contains("learning-rate: a number above 0; 0.001 by default")
                .contains("convention: one of paper, reference")
                .contains("gamma")
                .doesNotContain("quickstart");

        assertThat(caadam("list", "schedule")).isZero();
        assertThat(out.toString()).contains("cosine").contains("one-cycle");

        assertThat(caadam("list", "optimizers")).isEqualTo(2);
        assertThat(err.toString()).contains("There is no kind of component \"optimizers\"");
    }

    @Test
    void schemaIsJsonOfTheFormat() throws IOException {
        assertThat(caadam("schema")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).at("/properties/format/maximum"))
                .hasToString("1.0");
    }

    @Test
    void inspectShowsTheFactorsOfTheReference() {
        assertThat(
                        caadam(
                                "inspect",
                                "--model",
                                "mlp:64-32",
                                "--scaling",
                                "multiplicative",
                                "--convention",
                                "reference"))
                .isZero();
        assertThat(out.toString()).contains("gamma=5.0").contains("5.0000").contains("5.5663");
    }

    @Test
    void inspectShowsWhatControlsDoToFactors() {
        assertThat(
                        caadam(
                                "inspect",
                                "--model",
                                "mlp:64-32",
                                "--scaling",
                                "additive",
                                "--factors",
                                "averaged"))
                .isZero();
        // 744.35/2689 for all six parameters.
        assertThat(out.toString()).contains("additive(gamma=0.95) averaged");
        assertThat(out.toString().lines()).filteredOn(line -> line.endsWith(" 0.2768")).hasSize(6);
    }

    @Test
    void inspectWritesCsv() {
        assertThat(
                        caadam(
                                "inspect",
                                "--model",
                                "mlp:64-32",
                                "--scaling",
                                "additive",
                                "--format",
                                "csv"))
                .isZero();
        assertThat(out.toString().lines())
                .hasSize(7)
                .startsWith("parameter,shape,layer,c,d,fan-in,S")
                .anyMatch(
                        line ->
                                line.startsWith(
                                        "03Linear_weight,\"(32, 64)\",03Linear,2048,1,64,"));
    }

    @Test
    void runMakesTablesAndGoesOnWhereItStopped() throws IOException {
        String study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
        Path results = directory.resolve("out");

        assertThat(run(study, "--out", results.toString(), "--shard", "1/2")).isZero();
        assertThat(RunsCsv.read(results.resolve("runs.csv")))
                .extracting(RunRow::status)
                .containsExactly(
                        RunStatus.FINISHED,
                        RunStatus.FINISHED,
                        RunStatus.MISSING,
                        RunStatus.MISSING);
        Path kept = firstRun(results);
        String before = Files.readString(kept);
        assertThat(run(study, "--out", results.toString())).isZero();

        List<RunRow> rows = RunsCsv.read(results.resolve("runs.csv"));
        assertThat(rows).hasSize(4).allMatch(row -> row.value() > 0 && row.value() < 2);
        assertThat(rows).extracting(RunRow::reductions).containsOnly("at most 2 of 1000 epochs");
        assertThat(kept).hasContent(before);
        assertThat(results.resolve("tables/differences.tex")).isNotEmptyFile();
        assertThat(results.resolve("provenance.json")).isNotEmptyFile();
        assertThat(out.toString()).contains("Means: RMSE").contains("4 runs:");
        assertThat(
                        caadam(
                                "tables",
                                results.resolve("runs.csv").toString(),
                                "--out",
                                directory.resolve("tables").toString()))
                .isZero();
        assertThat(directory.resolve("tables/means-rmse.md")).isNotEmptyFile();
    }

    @Test
    void anyConfigurationCanBeTheBaseline() throws IOException {
        Path runs = directory.resolve("runs.csv");
        List<RunRow> rows = new ArrayList<>();
        for (String optimizer : List.of("SGD", "Ours")) {
            rows.addAll(
                    new RunRowBuilder()
                            .of("own", "", "")
                            .by(optimizer, "none beta=0.9")
                            .runsWith(0.5, 0.6, 0.55));
        }
        RunsCsv.write(runs, rows);

        assertThat(
                        caadam(
                                "tables",
                                runs.toString(),
                                "--out",
                                directory.resolve("tables").toString(),
                                "--baseline",
                                "Ours beta=0.9"))
                .isZero();

        assertThat(out.toString())
                .contains(
                        "Differences from Ours beta=0.9: improvement over Ours beta=0.9 in percent")
                .doesNotContain("Adam");
    }

    @Test
    void sevenShardsInTwoStoresMakeTheStudyThatIsMadeInOne() throws IOException {
        String study =
                Files.writeString(
                                directory.resolve("tiny.yaml"),
                                STUDY.replace("seeds: 2", "seeds: 5"))
                        .toString();
        Path whole = directory.resolve("whole");
        Path atOnce = directory.resolve("at-once");
        List<String> shards = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            String shard = directory.resolve("shard" + i).toString();
            assertThat(run(study, "--out", shard, "--shard", i + "/7")).isZero();
            shards.add(shard);
        }
        assertThat(run(study, "--out", atOnce.toString())).isZero();
        String one = directory.resolve("one").toString();
        String two = directory.resolve("two").toString();
        out.getBuffer().setLength(0);

        assertThat(caadam(collect(one, shards.subList(0, 3)))).isEqualTo(Main.FAILED);
        assertThat(out.toString())
                .contains("6 runs in")
                .contains("missing: friedman1 4 CaAdam:depth paper seed 3");
        assertThat(caadam(collect(two, shards.subList(3, 7)))).isEqualTo(Main.FAILED);
        assertThat(caadam("collect", two, one, two, "--out", whole.toString())).isZero();

        assertThat(out.toString()).contains("10 runs in " + whole + ", 10 of them new");
        assertThat(RunsCsv.read(whole.resolve("runs.csv")))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields(
                        "seconds", "stepsPerSecond")
                .containsExactlyElementsOf(RunsCsv.read(atOnce.resolve("runs.csv")));
    }

    @Test
    void trialsOfLearningRatesAreCollectedAndNotMadeAgain() throws IOException {
        String study = Files.writeString(directory.resolve("tuned.yaml"), TUNED_STUDY).toString();
        Path first = directory.resolve("first");
        Path whole = directory.resolve("whole");
        assertThat(run(study, "--out", first.toString())).isZero();
        out.getBuffer().setLength(0);

        assertThat(caadam("collect", first.toString(), "--out", whole.toString())).isZero();

        assertThat(out.toString())
                .contains("12 runs in " + whole.resolve("tuning") + ", 12 of them new")
                .contains("runs in " + whole + ", ");
        assertThat(whole.resolve("tuning/runs.csv"))
                .hasSameTextualContentAs(first.resolve("tuning/runs.csv"));
        Path trial = firstRun(whole.resolve("tuning"));
        FileTime before = Files.getLastModifiedTime(trial);
        assertThat(run(study, "--out", whole.toString())).isZero();
        assertThat(Files.getLastModifiedTime(trial)).isEqualTo(before);
        assertThat(whole.resolve("tuning.csv"))
                .hasSameTextualContentAs(first.resolve("tuning.csv"));
    }

    /** As of a machine that only tried learning rates. */
    @Test
    void trialsAreCollectedWithoutRunsOfTheirStudy() throws IOException {
        Path source = directory.resolve("source");
        new RunStore(source.resolve("tuning")).save(new RunRecordBuilder().build());
        String target = directory.resolve("target").toString();

        assertThat(caadam("collect", source.toString(), "--out", target)).isZero();

        assertThat(out.toString()).startsWith("1 runs in " + target).contains("1 of them new");
        assertThat(RunStore.existing(Path.of(target, "tuning")).all()).hasSize(1);
        assertThat(caadam("collect", directory.toString(), "--out", target))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains(directory + " holds no runs");
    }

    @Test
    void ofTrialsThatCannotBeMergedNoRunIsCollected() throws IOException {
        RunStore source = new RunStore(directory.resolve("source"));
        source.save(new RunRecordBuilder().build());
        source.ownTuning().save(new RunRecordBuilder().value(0.25).build());
        RunStore target = new RunStore(directory.resolve("target"));
        target.ownTuning().save(new RunRecordBuilder().build());

        assertThat(
                        caadam(
                                "collect",
                                source.directory().toString(),
                                "--out",
                                target.directory().toString()))
                .isEqualTo(Main.BAD_INPUT);

        assertThat(err.toString()).contains("Nothing was merged");
        assertThat(target.all()).isEmpty();
    }

    private static String[] collect(String target, List<String> sources) {
        List<String> arguments = new ArrayList<>(List.of("collect", "--out", target));
        arguments.addAll(sources);
        return arguments.toArray(String[]::new);
    }

    /** Once a study is whole, no command for a part of it makes it less. */
    @Test
    void planOfAFinishedStudyNeverShrinks() throws IOException {
        String study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
        Path results = directory.resolve("out");
        String[] run = {"run", "--in-process", study, "--out", results.toString()};
        assertThat(caadam(run)).isZero();
        String before = Files.readString(results.resolve("runs.csv"));

        assertThat(caadam(with(run, "--only", "adam"))).isZero();
        assertThat(caadam(with(run, "--runs", "1"))).isZero();
        assertThat(caadam(with(run, "--dry-run"))).isZero();
        assertThat(caadam(with(run, "--estimate", "--runs", "1"))).isZero();

        assertThat(results.resolve("runs.csv")).hasContent(before);
        assertThat(RunStore.existing(results).plan().orElseThrow().runs()).hasSize(4);
    }

    @Test
    void planAndDryRunOnlyPrint() throws IOException {
        String study = Files.writeString(directory.resolve("tuned.yaml"), TUNED_STUDY).toString();
        Path results = directory.resolve("out");

        assertThat(caadam("plan", study, "--out", results.toString())).isZero();
        String printed = out.toString();
        out.getBuffer().setLength(0);
        assertThat(caadam("run", study, "--dry-run", "--out", results.toString())).isZero();

        assertThat(out.toString()).isEqualTo(printed);
        assertThat(printed)
                .contains("12 runs in all, after 12 that try options")
                .contains("early-stopping.patience=15")
                .contains("optimizer Adam:none tuned: name=adam")
                .contains("Nothing of it is in " + results);
        assertThat(results).doesNotExist();
    }

    @Test
    void statusTellsWhatIsDoneMissingAndWhen() throws IOException {
        String study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
        String results = directory.resolve("out").toString();
        assertThat(run(study, "--out", results, "--shard", "1/2")).isZero();
        out.getBuffer().setLength(0);

        assertThat(caadam("status", results)).isZero();

        assertThat(out.toString())
                .contains(
                        "tiny: 4 runs planned, 2 finished, 0 diverged, 0 invalid, 0 failed, 2"
                                + " missing")
                .containsPattern("mlp:4 Adam:none +1/2")
                .containsPattern("mlp:4 CaAdam:depth +1/2")
                .containsPattern("The missing runs take another 0:00:0[0-9] with 1 worker.");
    }

    /** How epochs are executed is a place: the same run, and other last digits. */
    @Test
    void eagerRunsAreReplicasOfCompiledOnes() throws IOException {
        String study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
        String compiled = directory.resolve("compiled").toString();
        String eager = directory.resolve("eager").toString();
        Path both = directory.resolve("both");
        assertThat(run(study, "--out", compiled)).isZero();
        assertThat(run(study, "--out", eager, "--eager")).isZero();
        // What cannot be compiled is eager, too, so that nothing is said.
        assertThat(run(study, "--out", eager)).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(run(study, "--out", compiled, "--eager")).isZero();
        assertThat(err.toString())
                .contains(
                        "4 of the runs that are there were not made eager, and are not made again");
        assertThat(Path.of(compiled, "provenance.json"))
                .content()
                .contains("\"path\" : \"compiled\"")
                .doesNotContain("eager");
        out.getBuffer().setLength(0);

        assertThat(caadam("collect", eager, compiled, "--out", both.toString())).isZero();

        assertThat(out.toString()).contains("4 runs were made in a second place, too:");
        List<RunRecord> kept = RunStore.existing(both).all();
        List<RunRecord> replicas = RunStore.existing(both).replicas();
        assertThat(kept).hasSize(4);
        assertThat(replicas)
                .extracting(RunRecord::id)
                .containsExactlyElementsOf(kept.stream().map(RunRecord::id).toList());
        for (int i = 0; i < kept.size(); i++) {
            // Two epochs of single precision.
            assertThat(replicas.get(i).value()).isCloseTo(kept.get(i).value(), within(1e-5));
        }
        assertThat(RunsCsv.read(both.resolve("runs.csv"))).hasSize(4);
    }

    @Test
    void runIsMadeAgainByItsIdWithTheSameNumber() throws IOException {
        String study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
        Path results = directory.resolve("out");
        assertThat(run(study, "--out", results.toString(), "--eager")).isZero();
        RunRow row = RunsCsv.read(results.resolve("runs.csv")).get(3);
        Path again = directory.resolve("again");
        out.getBuffer().setLength(0);

        String former =
                Suite.study(study)
                        .runSpecs()
                        .get(3)
                        .withExecution(Execution.EAGER)
                        .formerId(Suite.friedman().digest())
                        .orElseThrow();
        assertThat(caadam("run", study, "--id", former, "--out", again.toString())).isZero();

        assertThat(out.toString())
                .contains("tiny: friedman1 mlp:4 CaAdam:depth seed 1, eager")
                .contains("rmse " + row.value() + " after 2 epochs");
        assertThat(firstRun(again)).hasFileName(row.id() + ".json");
        assertThat(caadam("run", "--id", row.id())).isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString())
                .contains("There is no run with the id " + row.id() + " in quickstart")
                .contains("Name its study");
    }

    /** The first line of the result that is kept in this repository. */
    @Test
    void committedRunIsFoundByItsIdAlone() throws IOException {
        RealData.directories();
        RunRow row = RunsCsv.read(Path.of("../results/california-notebook/runs.csv")).get(0);

        assertThat(caadam("run", "--id", row.id())).isZero();

        String printed = out.toString();
        assertThat(printed)
                .contains("california-notebook: california-housing mlp:64-32 Adam:none seed 0");
        assertThat(Double.parseDouble(printed.replaceAll("(?s).*rmse (\\S+) after.*", "$1")))
                .isCloseTo(row.value(), within(ACROSS_MACHINES));
    }

    @Test
    void divergedRunsAreResultsThatAreReportedAndNoFailure() throws IOException {
        String study =
                Files.writeString(
                                directory.resolve("tiny.yaml"),
                                STUDY.replace(
                                        "[adam, \"caadam:depth\"]",
                                        "[adam, {name: adam, options: {learning-rate: 1.0e+30}}]"))
                        .toString();

        assertThat(run(study, "--out", directory.resolve("out").toString())).isZero();
        assertThat(err.toString())
                .contains("diverged: friedman1 4 Adam:none lr=1.0E30 paper seed 0");
        assertThat(RunsCsv.read(directory.resolve("out/runs.csv")))
                .filteredOn(row -> row.status() == RunStatus.DIVERGED)
                .hasSize(2);
    }

    @Test
    void estimateProjectsTheTimeFromASampleThatTheStudyKeeps() throws IOException {
        Path study = Files.writeString(directory.resolve("tiny.yaml"), STUDY);
        Path results = directory.resolve("out");
        String[] run = {
            "run", "--in-process", study.toString(), "--runs", "30", "--out", results.toString()
        };

        assertThat(caadam(with(run, "--estimate"))).isZero();
        assertThat(out.toString())
                .containsPattern("mlp:4 +60 +4 +[0-9.]+ +0:[0-9:]+ +0:[0-9:]+\n")
                .containsPattern("total, 1 worker +60 +4 ");
        try (Stream<Path> kept = Files.list(results.resolve("runs"))) {
            assertThat(kept).hasSize(4);
        }
        assertThat(results.resolve("runs.csv")).doesNotExist();

        assertThat(caadam(with(run, "--estimate", "--force"))).isEqualTo(2);
        assertThat(err.toString()).contains("--estimate does not go together with --force");
    }

    @Test
    void tunedStudiesTryRatesChooseThemAndTestOnFreshSeeds() throws IOException {
        String study = Files.writeString(directory.resolve("tuned.yaml"), TUNED_STUDY).toString();
        Path results = directory.resolve("out");
        String[] run = {"run", "--in-process", study, "--out", results.toString()};

        assertThat(caadam(run)).as(err.toString()).isZero();

        List<RunRow> tried = RunsCsv.read(results.resolve("tuning/runs.csv"));
        assertThat(tried).hasSize(2 * 3 * 2).extracting(RunRow::run).containsOnly(0, 1);
        assertThat(tried).filteredOn(RunRow::isFinished).hasSize(2 * 2 * 2);
        List<RunRow> rows = RunsCsv.read(results.resolve("runs.csv"));
        assertThat(rows)
                .hasSize(2 * 2 * 3)
                .allMatch(row -> row.study().equals("tuned"))
                .extracting(RunRow::run)
                .containsOnly(2, 3, 4);
        assertThat(rows).extracting(RunRow::strategy).containsOnly("none", "none tuned");
        // Two epochs are too few at 0.001, and 1e30 diverges.
        assertThat(results.resolve("tuning.csv"))
                .content()
                .containsPattern(
                        "friedman1,8,Adam,none"
                                + " lr=0.03,learning-rate=0.03,2,0,0,[0-9.]+,[0-9.E-]+,true")
                .contains("learning-rate=1.0E30,2,2,0,Infinity,NaN,false");
        assertThat(results.resolve("provenance.json"))
                .content()
                .contains("\"learning-rate\" : 0.03");
        assertThat(results.resolve("tables/differences.csv"))
                .content()
                .containsPattern("8,Adam,none tuned,3,3,");

        RunRow tuned = rows.get(rows.size() - 1);
        assertThat(caadam("run", study, "--id", tuned.id())).isZero();
        assertThat(out.toString())
                .contains("friedman1 mlp:8 Adam:none tuned seed 4")
                .contains("rmse " + tuned.value() + " after 2 epochs");

        Path kept = firstRun(results.resolve("tuning"));
        String before = Files.readString(kept);
        out.getBuffer().setLength(0);
        assertThat(caadam(run)).isZero();
        assertThat(kept).hasContent(before);
        assertThat(caadam("status", results.toString())).isZero();
        assertThat(out.toString())
                .contains("tuned (tuning): 12 runs planned, 8 finished, 4 diverged")
                .contains("tuned: 12 runs planned, 12 finished, 0 diverged");
        assertThat(tried)
                .filteredOn(row -> row.status() == RunStatus.DIVERGED)
                .hasSize(4)
                .allSatisfy(row -> assertThat(out.toString()).contains("diverged: " + row.label()));
    }

    @Test
    void runsThatWereCollectedElsewhereAreNotMadeAgain() throws IOException {
        String study = Files.writeString(directory.resolve("tuned.yaml"), TUNED_STUDY).toString();
        Path first = directory.resolve("first");
        assertThat(run(study, "--out", first.toString())).isZero();
        Path published = directory.resolve("published");
        Files.createDirectories(published.resolve("tuning"));
        for (String file :
                List.of(
                        "runs.csv",
                        "provenance.json",
                        "tuning/runs.csv",
                        "tuning/provenance.json")) {
            Files.copy(first.resolve(file), published.resolve(file));
        }
        Path second = directory.resolve("second");
        String[] more = {"run", "--in-process", study, "--runs", "4", "--out", second.toString()};
        out.getBuffer().setLength(0);

        assertThat(caadam(with(more, "--reuse", published.toString()))).as(err.toString()).isZero();

        // The trials at 1e30 diverged, which runs.csv does not hold.
        assertThat(out.toString())
                .contains("8 runs taken over into " + second.resolve("tuning"))
                .contains("12 runs taken over into " + second);
        assertThat(second.resolve("tuning.csv"))
                .hasSameTextualContentAs(first.resolve("tuning.csv"));
        List<RunRow> before = RunsCsv.read(first.resolve("runs.csv"));
        List<RunRow> after = RunsCsv.read(second.resolve("runs.csv"));
        assertThat(after).hasSize(16);
        assertThat(after)
                .filteredOn(row -> row.run() < 5)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("reductions")
                .containsExactlyInAnyOrderElementsOf(before);
        assertThat(caadam("figures", second.toString(), "--out", second.toString())).isZero();
        assertThat(caadam("report", second.toString(), "--out", second + "/r.html")).isZero();

        RunRecord reused = new RunStore(second).find(before.get(0).id()).orElseThrow();
        RunRecord made = new RunStore(first).find(before.get(0).id()).orElseThrow();
        assertThat(reused.history()).isEmpty();
        assertThat(reused.hasSameResultAs(made)).isTrue();
        assertThat(reused.question()).isEqualTo(made.question());
        assertThat(reused.stints().get(0).place()).isEqualTo(made.stints().get(0).place());
        assertThat(caadam("collect", second.toString(), "--out", first.toString())).isZero();
    }

    @Test
    void estimateOfATunedStudyProjectsTrialsAndTests() throws IOException {
        String study = Files.writeString(directory.resolve("tuned.yaml"), TUNED_STUDY).toString();
        Path results = directory.resolve("out");

        assertThat(run(study, "--out", results.toString(), "--estimate")).isZero();

        // Three rates once on each network, of three rates twice and two optimizers three times.
        assertThat(out.toString())
                .containsPattern("mlp:8 +12 +3 +[0-9.]+ ")
                .containsPattern("total, 1 worker +24 +6 ");
        assertThat(results.resolve("tuning.csv")).doesNotExist();
        out.getBuffer().setLength(0);
        assertThat(caadam("status", results.toString())).isZero();
        assertThat(out.toString()).contains("The study itself follows once these are made.");
    }

    @Test
    void shardsOfATunedStudyMakeTheStudyThatIsMadeInOne() throws IOException {
        String study = Files.writeString(directory.resolve("tuned.yaml"), TUNED_STUDY).toString();
        List<String> parts = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            String part = directory.resolve("part" + i).toString();
            assertThat(run(study, "--out", part, "--shard", i + "/3")).isZero();
            parts.add(part);
        }
        // Two networks and two seeds are four blocks, of three rates each.
        assertThat(out.toString())
                .contains("Part 1/3 of the runs that try options is made; 6 runs of other parts")
                .contains("Part 2/3 of the runs that try options is made; 9 runs of other parts")
                .contains("\"caadam collect PART... --out " + parts.get(2) + "\"");
        assertThat(directory.resolve("part1/tuning.csv")).doesNotExist();

        for (int i = 1; i <= 3; i++) {
            assertThat(caadam(collect(parts.get(i - 1), parts))).isZero();
        }
        for (int i = 1; i <= 3; i++) {
            assertThat(run(study, "--out", parts.get(i - 1), "--shard", i + "/3")).isZero();
        }
        Path whole = directory.resolve("whole");
        Path atOnce = directory.resolve("at-once");
        assertThat(caadam(collect(whole.toString(), parts))).isZero();
        assertThat(run(study, "--out", atOnce.toString())).isZero();

        Path trial = firstRun(whole.resolve("tuning"));
        FileTime before = Files.getLastModifiedTime(trial);
        assertThat(run(study, "--out", whole.toString())).isZero();
        assertThat(Files.getLastModifiedTime(trial)).isEqualTo(before);
        assertThat(whole.resolve("tuning.csv"))
                .hasSameTextualContentAs(atOnce.resolve("tuning.csv"));
        for (String each : new String[] {"runs.csv", "tuning/runs.csv"}) {
            assertThat(results(whole.resolve(each))).isEqualTo(results(atOnce.resolve(each)));
        }
    }

    /** All of a runs.csv but times; NaN equals NaN here. */
    private static List<List<Object>> results(Path lines) throws IOException {
        List<List<Object>> results = new ArrayList<>();
        for (RunRow row : RunsCsv.read(lines)) {
            results.add(
                    List.of(
                            row.id(),
                            row.label(),
                            row.status(),
                            row.value(),
                            row.secondary(),
                            row.epochs(),
                            row.validationLoss(),
                            row.reductions(),
                            row.place()));
        }
        return results;
    }

    /** One row diverges with all that it tries, and one throws; the others go on. */
    @Test
    void rowsOfWhichNothingCanBeChosenAreFailedAndTheOthersGoOn() throws IOException {
        String text =
                """
                format: 1
                name: lost
                data: [friedman1]
                models: ["mlp:4"]
                optimizers:
                  - {name: adam, label: wild, tune: {learning-rate: [1e20, 1e25]}}
                  - {class: ai.djl.training.optimizer.Adadelta, label: thrown, tune: {rho: [0.9, 0.99]}}
                  - {name: adam, label: tame, tune: {learning-rate: [0.01, 0.02]}}
                tuning: {seeds: 1}
                protocol: {batch-size: 200, epochs: 2}
                seeds: 2
                """;
        String study = Files.writeString(directory.resolve("lost.yaml"), text).toString();
        Path results = directory.resolve("out");

        assertThat(run(study, "--out", results.toString())).isEqualTo(Main.FAILED);

        assertThat(RunsCsv.read(results.resolve("runs.csv")))
                .extracting(row -> row.optimizer() + " " + row.run() + " " + row.status().label())
                .containsExactly(
                        "wild 1 failed",
                        "thrown 1 failed",
                        "tame 1 finished",
                        "wild 2 failed",
                        "thrown 2 failed",
                        "tame 2 finished");
        assertThat(err.toString())
                .contains(
                        "failed: friedman1 mlp:4 wild:none seed 1: nothing could be chosen for"
                                + " learning-rate, as each of the 2 values that were tried lost a"
                                + " run: of 2 runs 2 diverged; see ")
                .containsPattern(
                        "thrown:none seed 2: .* of 2 runs 2 failed, the first"
                                + " because .*UnsupportedOperationException");
        assertThat(Files.readString(results.resolve("tuning.csv")))
                .containsOnlyOnce("true\n")
                .contains("tame");

        // With other values the same rows are made.
        Files.writeString(Path.of(study), text.replace("1e20, 1e25", "0.015, 0.03"));
        assertThat(run(study, "--out", results.toString())).isEqualTo(Main.FAILED);
        assertThat(RunsCsv.read(results.resolve("runs.csv")))
                .filteredOn(row -> row.optimizer().equals("wild"))
                .hasSize(2)
                .allMatch(RunRow::isFinished);
        assertThat(RunStore.existing(results).failures()).hasSize(2);
    }

    private static String[] with(String[] arguments, String... further) {
        return Stream.concat(Arrays.stream(arguments), Arrays.stream(further))
                .toArray(String[]::new);
    }

    @Test
    void workersGiveTheSameResultsAsOneProcess() throws IOException {
        String study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
        Path two = directory.resolve("two");

        assertThat(run(study, "--out", directory.resolve("one").toString())).isZero();
        int code =
                inAnotherProcess(Map.of(), "run", study, "--workers", "2", "--out", two.toString());

        assertThat(code).as(this::log).isZero();
        assertThat(values(two)).isEqualTo(values(directory.resolve("one")));
    }

    @Test
    void workersNeverUnpackTheEngineSideBySide() throws IOException {
        String study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
        Path two = directory.resolve("two");

        int code =
                inAnotherProcess(
                        Map.of(
                                "DJL_CACHE_DIR",
                                directory.resolve("empty").toString(),
                                "JAVA_TOOL_OPTIONS",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info"),
                        "run",
                        study,
                        "--workers",
                        "2",
                        "--out",
                        two.toString());

        assertThat(code).as(this::log).isZero();
        assertThat(log()).doesNotContain("Extracting");
        assertThat(Stream.of("worker-1.log", "worker-2.log").map(two::resolve).map(MainTest::read))
                .filteredOn(workerLog -> workerLog.contains("Extracting"))
                .hasSize(1);
    }

    private int inAnotherProcess(Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(directory.resolve("log").toFile())
                        .redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start().onExit().join().exitValue();
    }

    private String log() {
        return read(directory.resolve("log"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run | Name a study",
                "run quickstart --id 0 --runs 2 | --id does not go together with --runs",
                "run --id 0 --weights-seed 1 | --weights-seed needs the name of the study",
                "run quickstart --id 0 | The study quickstart has no run with the id 0",
                "run nothing | Unknown study \"nothing\"; valid are: quickstart",
                "run quickstart --only sgd | has no \"sgd\"",
                "run quickstart --shard 3/2 | A shard is I/N",
                "run quickstart --workers 0 | a count of 1 or more",
                "run quickstart --runs 0 | 1 or more seeds",
                "run quickstart --spark local[2] | --spark needs Spark: build with",
                "run quickstart --spark local --workers 2 | Either --workers or --spark",
                "run quickstart --in-process --workers 2 | --in-process does not go together with",
                "run quickstart --out pom.xml | pom.xml is no directory",
                "run src.yaml | There is no file src.yaml.",
                "inspect --model vgg | There is no model \"vgg\"",
                "inspect --model mlp:4 --scaling cubic | Unknown scaling \"cubic\"",
                "inspect --model mlp:4 --scaling depth --gamma -1 | above -1",
                "inspect --model mlp:4 --scaling depth --factors mean | Unknown factors \"mean\"",
                "inspect --model mlp:4 --scaling multiplicative --gamma 0 | above 0",
                "tables nothing.csv --out x | There is no file nothing.csv",
                "tables src --out x | src holds no runs; name a runs.csv",
                "status src | src holds no runs",
                "collect src --out target/collected | src holds no runs",
                "run quickstart --resume --force | mutually exclusive",
                "run quickstart --reuse src | There is no file src/runs.csv",
                "run quickstart --reuse src --force | --force does not go together with --reuse",
                "compare --paper ../results | holds no runs; name a runs.csv",
                "tables | Missing required parameter",
                "compare | Missing required parameter",
                "compare nothing.csv | Say what to compare with: a second study, a file of means,",
                "compare --paper x --margin 1 | --margin is for two studies",
                "compare a b --paper | --paper takes the place of the second study; name one.",
                "compare a b --margin 0 | --margin must be above 0 and finite, found 0.0.",
                "compare nothing.csv src | There is no file nothing.csv",
                "compare ../results/friedman-size ../results/other-processor | have nothing in"
                        + " common",
                "compare ../results/friedman-size pom.xml | has no column \"architecture\"; a file"
                        + " of means",
                "compare --paper nothing.csv | There is no file nothing.csv",
                "tables ../results/friedman-size/runs.csv --out x --baseline SGD | No run is"
                        + " of \"SGD\"; --baseline takes one of: Adam;",
                "dance | Unmatched argument",
                "statu x | Did you mean: caadam status",
                "run quickstrt | did you mean \"quickstart\"?",
                "run quickstart --worker 2 | Unknown option",
                "list optimiser | did you mean \"optimizer\"?",
                "list optimizer adma | did you mean \"adam\"?",
                "data | Missing required subcommand",
                "data fetch mnist | Unknown data set of files \"mnist\"; valid are:"
                        + " california-housing",
                "data verify cifar10 friedman1 | valid are: california-housing, cifar10, cifar100,"
            })
    void badInputIsOneClearSentenceAndExitCodeTwo(String arguments, String message) {
        assertThat(caadam(arguments.trim().split(" "))).isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "run", "run --dry-run", "check"})
    void studiesAreComparedWithPublishedResultsThatThereAre(String command) throws IOException {
        String text = STUDY + "compare: {published: papre}\n";
        String study = Files.writeString(directory.resolve("tiny.yaml"), text).toString();
        String[] words = (command + " " + study).split(" ");

        assertThat(caadam(words)).isEqualTo(Main.BAD_INPUT);

        assertThat(err.toString())
                .contains(study, "\"papre\" to compare with; valid are: paper;")
                .contains("did you mean \"paper\"?");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void everyCommandShowsAnExampleInItsHelp() {
        Main.commandLine()
                .getSubcommands()
                .forEach(
                        (name, command) ->
                                assertThat(command.getUsageMessage())
                                        .as(name)
                                        .contains("--verbose")
                                        .containsPattern("Examples?:\\R +(source <\\()?caadam "));
    }

    @Test
    void stackTracesAreForThoseWhoAsk() {
        assertThat(caadam("status", "src", "--verbose")).isEqualTo(Main.BAD_INPUT);

        assertThat(err.toString()).contains("caadam: src holds no runs").contains("\tat ");
    }

    @Test
    void quietRunsSayNothingAndWriteTheSame() throws IOException {
        String study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
        Path results = directory.resolve("out");

        assertThat(run(study, "--quiet", "--out", results.toString())).isZero();

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEmpty();
        assertThat(results.resolve("tables")).isNotEmptyDirectory();
    }

    @Test
    void missingDataSaysWhatToDo() {
        assertThat(caadam("data", "status", "--data-dir", directory.toString())).isZero();
        assertThat(out.toString()).contains("friedman1").contains("built in");
    }

    @Test
    void verifyReadsTheNamedDataSetsOnly() throws IOException {
        Files.writeString(directory.resolve("cal_housing.data"), "1,2,3\n");
        Path cifar100 = Files.createDirectory(directory.resolve("cifar-100-binary"));
        Files.write(cifar100.resolve("train.bin"), new byte[] {1});

        assertThat(caadam("data", "verify", "cifar100", "--data-dir", directory.toString()))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString())
                .contains("train.bin has 1 bytes, expected 153700000")
                .doesNotContain("cal_housing");
    }

    @Test
    void fetchSaysWhereTheNamedDataSetsWereFound() throws IOException {
        Path file = Files.writeString(directory.resolve("cal_housing.data"), "");

        assertThat(
                        caadam(
                                "data",
                                "fetch",
                                "california-housing",
                                "california-housing",
                                "--data-dir",
                                directory.toString()))
                .isZero();
        assertThat(out.toString().lines()).containsExactly("california-housing     " + file);
    }

    @Test
    void brokenDataIsRefused() throws IOException {
        Files.writeString(directory.resolve("cal_housing.data"), "1,2,3\n");

        assertThat(caadam("data", "verify", "--data-dir", directory.toString()))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains("line 1 has 3 columns, expected 9");
    }

    @Test
    void completionIsABashScript() {
        assertThat(caadam("completion")).isZero();
        assertThat(out.toString()).contains("_complete_caadam").contains("--workers");
    }

    private static Path firstRun(Path results) throws IOException {
        try (Stream<Path> files = Files.list(results.resolve("runs"))) {
            return files.sorted().findFirst().orElseThrow();
        }
    }

    private static List<Double> values(Path results) throws IOException {
        return RunsCsv.read(results.resolve("runs.csv")).stream().map(RunRow::value).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
