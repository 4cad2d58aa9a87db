// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import static io.github.caadam.experiments.results.RunStatus.DIVERGED;
import static io.github.caadam.experiments.results.RunStatus.FAILED;
import static io.github.caadam.experiments.results.RunStatus.MISSING;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableWriterTest {

    @TempDir private Path directory;

    @Test
    void meansDeviationsAndImprovementAreThoseComputedByHand() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "CaAdam", "depth", 0.8, 0.9, 1.0);
        addRuns(rows, "64-32", "Adam", "none", 1.0, 1.1, 1.2);

        assertThat(new TableWriter(StudyRuns.ofRows(rows)).write(directory))
                .hasSize(15)
                .allMatch(Files::isRegularFile);

        // Means 0.9 and 1.1, deviations 0.1: t = 0.2/√(2·0.01/3) = 2.449, 4 degrees of freedom.
        String text = new TableWriter(StudyRuns.ofRows(rows)).toText();
        assertThat(text)
                .containsSubsequence("Adam", "1.100 ± 0.100", "CaAdam", "0.900 ± 0.100")
                .containsSubsequence("18.18", "2.45", "7.05e-02")
                .contains("n = 3 runs per network and optimizer")
                .contains("commit abcdef0123)");
        assertThat(Files.readString(directory.resolve("table1-rmse.csv")))
                .startsWith("architecture,optimizer,strategy,n,rmse,rmse_std,")
                .contains("64-32,Adam,none,3,1.1");
        assertThat(Files.readString(directory.resolve("table1-rmse.md")))
                .contains("| **64-32** | **CaAdam** |");
    }

    @Test
    void latexIsBalancedEscapedAndAlignsItsColumns() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "a_b&c", "Adam", "50%", 1, 2);
        addRuns(rows, "a_b&c", "Adam", "none", 1, 2);
        new TableWriter(StudyRuns.ofRows(rows)).write(directory);

        for (String name : List.of("table1-rmse.tex", "table3-effects.tex")) {
            String latex = Files.readString(directory.resolve(name));
            assertThat(latex).contains("a\\_b\\&c").contains("50\\%").doesNotContain("±");
            assertThat(count(latex, "\\begin{")).isEqualTo(count(latex, "\\end{"));
            assertThat(count(latex, "{") - count(latex, "\\{"))
                    .isEqualTo(count(latex, "}") - count(latex, "\\}"));
            long columns =
                    latex.lines()
                            .filter(line -> line.startsWith("\\begin{tabular}"))
                            .findFirst()
                            .orElseThrow()
                            .replaceAll(".*\\{([lr]+)}$", "$1")
                            .length();
            assertThat(latex.lines().filter(line -> line.endsWith("\\\\")))
                    .isNotEmpty()
                    .filteredOn(line -> !line.contains("\\multicolumn"))
                    .allMatch(line -> count(line, " & ") == columns - 1);
        }
    }

    @Test
    void withoutAdamTheComparisonSaysSo() {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "CaAdam", "depth", 1, 2);

        assertThat(new TableWriter(StudyRuns.ofRows(rows)).toText())
                .contains("No Adam runs to compare with: 64-32.");
    }

    @Test
    void runsWithoutAResultAreCounted() {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "Adam", "none", 1, 2);
        rows.add(new RunRowBuilder().on("california", "64-32").run(2).lost(FAILED).build());
        rows.add(new RunRowBuilder().on("california", "64-32").run(3).lost(MISSING).build());

        assertThat(new TableWriter(StudyRuns.ofRows(rows)).toText())
                .contains("; 4 runs: 2 finished, 1 failed, 1 not made yet;")
                .containsPattern("64-32 +Adam +none +2 of 4 ");
    }

    /** The mean of what was not lost is lower, and neither set off nor starred. */
    @Test
    void whatLostRunsIsNotTheBest() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "Adam", "none", 0.60, 0.61, 0.62, 0.63);
        addRuns(rows, "64-32", "Wild", "none", 0.40, 0.41, 0.42);
        rows.add(
                new RunRowBuilder()
                        .on("california", "64-32")
                        .by("Wild", "none")
                        .run(3)
                        .lost(DIVERGED)
                        .build());

        new TableWriter(StudyRuns.ofRows(rows)).write(directory);

        assertThat(directory.resolve("table1-rmse.md"))
                .content()
                .contains("| **64-32** | **Adam** | **none** | **4** |")
                .contains("| 64-32 | Wild | none | 3 of 4 |")
                .contains("a: runs were lost");
        assertThat(directory.resolve("table3-significance.md"))
                .content()
                .contains("| Wild | none | 3 of 4 vs 4 |")
                .contains("more than 10 % of the runs of a side were lost")
                .doesNotContain("e-04\\*", "e-05\\*", "e-06\\*");
        assertThat(directory.resolve("lost-runs.md")).exists();
    }

    @Test
    void timesOfUnlikePlacesAreNotTestedAndPlacesAreSaid() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            rows.add(timed("Adam", run, 10 + 0.1 * run, "cpu; EPYC"));
            rows.add(timed("AdamW", run, 20 + 0.2 * run, "cpu; Xeon"));
        }

        new TableWriter(StudyRuns.ofRows(rows)).write(directory);

        assertThat(directory.resolve("table3-significance.csv"))
                .content()
                .contains(",NaN,NaN,NaN,NaN,")
                .contains("times are not tested: the sides were made in unlike places");
        assertThat(directory.resolve("table3-significance.md"))
                .content()
                .contains("made in 2 places: 1: EPYC (4 runs), 2: Xeon (4 runs)")
                .contains("| -100.00 | – | – | – | – | a |");
        assertThat(directory.resolve("table1-rmse.md")).content().contains(" | Places |");
        assertThat(directory.resolve("training-time.md")).content().contains(" | 1, 2 |");
    }

    private static RunRow timed(String optimizer, int run, double seconds, String place) {
        return new RunRowBuilder()
                .by(optimizer, "none")
                .run(run)
                .result("rmse", 0.5 + 0.01 * (run * run % 5), 0)
                .took(seconds, 2)
                .at(place)
                .build();
    }

    @Test
    void identicalValuesGiveNoTestAndNoEffect() {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "Adam", "none", 0.5, 0.5);
        addRuns(rows, "64-32", "AdamW", "none", 0.5, 0.5);

        assertThat(new TableWriter(StudyRuns.ofRows(rows)).toText())
                .contains("0.0000 [–]")
                .contains("– [–]")
                .contains("a: no test: no differences but those of rounding")
                .doesNotContain("NaN");
    }

    @Test
    void accuraciesOnSeveralDataSetsShareATable() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        for (String dataset : List.of("cifar10", "cifar100")) {
            for (int run = 0; run < 2; run++) {
                rows.add(image(dataset, "Adam", run, 0.5 + run / 10.0));
                rows.add(image(dataset, "AdamW", run, 0.7 + run / 10.0));
            }
        }

        assertThat(new TableWriter(StudyRuns.ofRows(rows)).write(directory)).hasSize(21);

        // Means 0.55 and 0.75: 36.36 % better, by 0.2.
        assertThat(Files.readString(directory.resolve("table4-significance.csv")))
                .startsWith(
                        "dataset,architecture,optimizer,strategy,n,n_baseline,accuracy_improvement")
                .contains("cifar10,ResNet20,AdamW,none,2,2,36.36")
                .contains("cifar100,ResNet20,AdamW,none,2,2,36.36");
        assertThat(Files.readString(directory.resolve("table4-effects.md"))).contains("| 0.2000 [");
        assertThat(Files.readString(directory.resolve("table2-accuracy.md")))
                .contains("| **cifar100** | **ResNet20** | **AdamW** |");
    }

    private static RunRow image(String dataset, String optimizer, int run, double accuracy) {
        return new RunRowBuilder()
                .on(dataset, "ResNet20")
                .by(optimizer, "none")
                .run(run)
                .result("accuracy", accuracy, 0)
                .of("", "", "")
                .build();
    }

    @Test
    void unequalNumbersOfRunsAreShown() {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "Adam", "none", 1, 2, 3);
        addRuns(rows, "64-32", "AdamW", "none", 1);

        assertThat(new TableWriter(StudyRuns.ofRows(rows)).toText())
                .contains("n = 1–3 runs")
                .contains("1 vs 3")
                .contains("1.000 ± –");
    }

    @Test
    void adamAloneIsComparedWithNothing() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "Adam", "none", 1, 2);

        assertThat(new TableWriter(StudyRuns.ofRows(rows)).write(directory))
                .extracting(file -> file.getFileName().toString())
                .contains("table1-rmse.csv", "training-time.csv")
                .noneMatch(name -> name.startsWith("table3"));
    }

    @Test
    void twoProtocolsMakeTwoSetsOfTables() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        addRuns(rows, "64-32", "AdamW", "none", 1, 2);
        RunRow first = rows.get(0);
        rows.add(
                new RunRowBuilder()
                        .on(first.dataset(), first.architecture())
                        .by(first.optimizer(), first.strategy())
                        .result(first.metric(), 1, 1)
                        .of("quickstart", "paper", "")
                        .build());

        assertThat(new TableWriter(StudyRuns.ofRows(rows)).write(directory))
                .hasSize(21)
                .contains(directory.resolve("table1-rmse-california-paper-rmse.csv"));
    }

    /** 2 s at 100 and 6 s at 200 steps a second: 1,400 steps in 8 s, of 12 s with the unknown. */
    @Test
    void trainingTimeIsThatOfAllOptimizersOfANetwork() throws IOException {
        List<RunRow> rows =
                List.of(
                        new RunRowBuilder().took(2, 10).stepsPerSecond(100).build(),
                        new RunRowBuilder()
                                .by("AdamW", "none")
                                .took(6, 20)
                                .stepsPerSecond(200)
                                .build(),
                        new RunRowBuilder().run(1).took(4, 30).stepsPerSecond(Double.NaN).build());

        new TableWriter(StudyRuns.ofRows(rows)).write(directory);

        assertThat(directory.resolve("training-time.csv"))
                .hasContent(
                        """
                        dataset,architecture,runs,epochs,seconds,hours_in_all,steps_per_second,planned,diverged,invalid,failed,missing,note
                        california-housing,64-32,3,20.0,4.0,0.0033333333333333335,175.0,3,0,0,0,0,
                        """);
        assertThat(directory.resolve("training-time.md"))
                .content()
                .contains("| california-housing | 64-32 | 3 | 20.0 | 4.0 | 0.00 | 175.0 |");
    }

    @Test
    void aStudyOfItsOwnHasPlainTitlesAndNamesItsBaseline() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        for (String optimizer : List.of("Ours", "SGD")) {
            for (int run = 0; run < 3; run++) {
                rows.add(own(optimizer, optimizer.equals("SGD") ? "none" : "none beta=0.9", run));
            }
        }
        rows.add(
                new RunRowBuilder()
                        .on("houses", "8-4")
                        .by("SGD", "none")
                        .run(3)
                        .of("own", "", "")
                        .lost(DIVERGED)
                        .build());

        List<Path> files = new TableWriter(StudyRuns.ofRows(rows)).write(directory);

        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .contains("means-rmse.csv", "differences.csv", "effects.csv", "lost-runs.csv")
                .noneMatch(name -> name.startsWith("table"));
        assertThat(directory.resolve("means-rmse.md"))
                .content()
                .startsWith("**Means: RMSE on the test rows, training time");
        assertThat(directory.resolve("differences.md"))
                .content()
                .startsWith("**Differences from SGD: improvement over SGD in percent");
        assertThat(directory.resolve("differences.csv"))
                .content()
                .startsWith("architecture,optimizer,strategy,n,n_baseline,")
                .contains(",baseline_planned,baseline_diverged,");
        assertThat(directory.resolve("effects.md"))
                .content()
                .startsWith("**Effect sizes against SGD: gain in RMSE over SGD")
                .contains("better than one of SGD's");
        assertThat(directory.resolve("lost-runs.md"))
                .content()
                .contains("better than one of SGD's");
        for (Path file : files) {
            assertThat(file).content().doesNotContain("Adam", "adam", "Table ");
        }
    }

    @Test
    void titlesAreThoseThatTheStudyGives() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            rows.add(own("SGD", "none", run));
            rows.add(own("Ours", "none", run));
        }
        CompareSettings settings =
                new CompareSettings(
                        "Ours",
                        "",
                        List.of(),
                        null,
                        Map.of(),
                        List.of(),
                        "",
                        Map.of("means", "Table 7", "contrasts", "Table 8"));

        new TableWriter(StudyRuns.ofRows(rows).comparedBy(settings)).write(directory);

        assertThat(directory.resolve("means-rmse.md")).content().startsWith("**Table 7: RMSE");
        assertThat(directory.resolve("differences.md"))
                .content()
                .startsWith("**Table 8: improvement over Ours in percent");
        assertThat(directory.resolve("effects.md"))
                .content()
                .startsWith("**Beside Table 8: gain in RMSE over Ours");
    }

    private static RunRow own(String optimizer, String strategy, int run) {
        return new RunRowBuilder()
                .on("houses", "8-4")
                .by(optimizer, strategy)
                .run(run)
                .result("rmse", optimizer.length() + 0.1 * run, 0)
                .of("own", "", "")
                .build();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static void addRuns(
            List<RunRow> rows,
            String architecture,
            String optimizer,
            String strategy,
            double... values) {
        rows.addAll(
                new RunRowBuilder()
                        .on("california", architecture)
                        .by(optimizer, strategy)
                        .runsWith(values));
    }
}
