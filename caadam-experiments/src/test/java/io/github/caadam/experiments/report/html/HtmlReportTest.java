// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static io.github.caadam.experiments.report.html.Studies.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.figure.FigureInput;
import io.github.caadam.experiments.figure.LossCurve;
import io.github.caadam.experiments.figure.LossCurvesCsv;
import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.DrawnRuns;
import io.github.caadam.experiments.results.Effort;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRecordBuilder;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.results.StoreLayout;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {

    private static final List<RunRow> ADAM = Studies.rows("Adam", "none", 0.50, 0.51, 0.49);
    private static final List<RunRow> DEPTH = Studies.rows("CaAdam", "depth", 0.45, 0.46, 0.44);

    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");

    @TempDir private Path directory;

    private static JsonNode data(String html) throws IOException {
        Matcher matcher = DATA.matcher(html);
        assertThat(matcher.find()).isTrue();
        return new ObjectMapper().readTree(matcher.group(1));
    }

    private String study() throws IOException {
        Studies.write(directory);
        return HtmlReport.toHtml(ReportInput.read(directory));
    }

    @Test
    void holdsItsTablesWithoutTheScript() throws IOException {
        String html = HtmlReport.toHtml(Studies.input(together(ADAM, DEPTH)));

        assertThat(html)
                .contains("<td class=\"number\" data-sort=\"0.5\">0.5000 ± 0.0100</td>")
                .contains(">+10.00</td>")
                .contains("<use href=\"#mark-up\"/></svg>better</td>")
                .contains("On 64-32: CaAdam depth is better than Adam: mean RMSE 0.0500 lower");
    }

    @Test
    void holdsStrategiesAgainstAdamAtTheirMeanLearningRate() throws IOException {
        List<RunRow> averaged = Studies.rows("CaAdam", "depth averaged", 0.46, 0.47, 0.45);

        String html = HtmlReport.toHtml(Studies.input(together(ADAM, DEPTH, averaged)));

        // Means 0.45 and 0.46, deviations 0.01: t = 1.22 with 4 degrees of freedom.
        assertThat(html)
                .containsPattern(
                        "id=\"results-0-fair\"(?s:.*)CaAdam depth</td>(?s:.{0,200})CaAdam depth"
                                + " averaged</td>(?s:.{0,100})>\\+0.0100<(?s:.*?)>undecided<");
        assertThat(HtmlReport.toHtml(Studies.input(together(ADAM, DEPTH))))
                .doesNotContain("results-0-fair");
    }

    @Test
    void holdsWhatOtherFactorsCouldGain() throws IOException {
        String html = HtmlReport.toHtml(Studies.input(DrawnRuns.linear("64-32")));

        assertThat(html)
                .containsPattern(
                        "id=\"results-0-sensitivity\"(?s:.*)by layer, by test"
                                + " error</td>\\s*<td[^>]*>01Linear_weight 0.25, biases"
                                + " 1.00</td>(?s:.{0,100})>\\+0.0800<");
        assertThat(HtmlReport.toHtml(Studies.input(together(ADAM, DEPTH))))
                .doesNotContain("-sensitivity");
    }

    @Test
    void holdsRunsAgainstThePaper() throws IOException, URISyntaxException {
        Path excerpt = Path.of(getClass().getResource("/golden/authors-runs-excerpt.csv").toURI());

        String html = HtmlReport.toHtml(ReportInput.read(excerpt));

        assertThat(html)
                .contains("Beside the paper’s tables. Means: 3 of 3 agree by our 95 % interval;")
                .contains("Beside the paper’s tables. Means: 2 of 2 agree by our 95 % interval;")
                .containsPattern(
                        "id=\"results-0-published\"(?s:.*)>0.4563</td>\\s*<td[^>]*>0.456<");
        assertThat(study()).doesNotContain("Beside the paper");
    }

    @Test
    void comparesWithTheBaselineOfTheStudyAndNamesNoOther() throws IOException {
        List<RunRow> rows =
                together(
                        Studies.rows("Ours", "none beta=0.9", 0.45, 0.46, 0.44),
                        Studies.rows("SGD", "none", 0.50, 0.51, 0.49));

        String html = HtmlReport.toHtml(Studies.input(rows));

        assertThat(html)
                .contains("RMSE beside SGD on friedman1</h2>")
                .contains("Positive is better than SGD throughout.")
                .contains("Ours beta&#x3D;0.9 is better than SGD: mean RMSE 0.0500 lower")
                .doesNotContainPattern("(?<![Cc]a)[Aa]dam|CaAdam");
    }

    @Test
    void opensWithThePictureAndItsSentences() throws IOException {
        String html = HtmlReport.toHtml(Studies.input(together(ADAM, DEPTH)));

        assertThat(html.indexOf("class=\"picture\""))
                .isBetween(0, html.indexOf("class=\"sentences\""));
        assertThat(html.indexOf("class=\"sentences\"")).isLessThan(html.indexOf("How to read"));
        assertThat(html.indexOf("How to read")).isLessThan(html.indexOf("id=\"results-0\""));
        assertThat(html.indexOf("id=\"results-0\"")).isLessThan(html.indexOf("id=\"provenance\""));
    }

    @Test
    void saysSoWhereNothingIsToBeCompared() throws IOException {
        assertThat(HtmlReport.toHtml(Studies.input(ADAM)))
                .contains("There is nothing to compare")
                .doesNotContain("class=\"picture\"");
    }

    @Test
    void warnsOfFewRuns() throws IOException {
        assertThat(HtmlReport.toHtml(Studies.input(together(ADAM, DEPTH))))
                .contains("With as few as 3 runs of an optimizer, tests find large differences");
        assertThat(
                        HtmlReport.toHtml(
                                Studies.input(
                                        together(ADAM, Studies.rows("CaAdam", "depth", 0.45)))))
                .contains("Where there is one run only, nothing can be said about chance");
    }

    /** Each rate of the trials, of which the study has the chosen one only. */
    @Test
    void showsWhatTheRatesLedToThatWereTried() throws IOException {
        Studies.write(directory);
        RunStore trials = new RunStore(StoreLayout.tuning(directory));
        List<PlannedRun> plan = new ArrayList<>();
        for (int seed = 100; seed < 102; seed++) {
            for (double rate : new double[] {0.01, 0.1}) {
                RunRecordBuilder run =
                        new RunRecordBuilder()
                                .on(Studies.MALICIOUS, "64-32")
                                .by("Adam", "none lr=" + rate)
                                .learningRate(rate)
                                .run(seed)
                                .history(0, List.of(new EpochRecord(1, rate * seed, rate, null)));
                trials.save(run.build());
                plan.add(run.planned());
            }
        }
        trials.plan("tuning", "", 1, plan);

        JsonNode data = data(HtmlReport.toHtml(ReportInput.read(directory)));
        JsonNode series = data.path("rates").get(0).path("series").get(0);

        assertThat(data.path("rates")).hasSize(1);
        assertThat(data.path("rates").get(0).path("title").asText())
                .isEqualTo("64-32, while tuning: validation loss by learning rate");
        assertThat(
                        data.path("configurations")
                                .get(series.path("configuration").asInt())
                                .path("label")
                                .asText())
                .isEqualTo("Adam");
        assertThat(series.path("points")).hasSize(2);
        assertThat(series.path("points").get(0).get(0).asDouble()).isEqualTo(0.01);
        assertThat(series.path("points").get(0).get(1).asDouble()).isEqualTo(1.005, within(1e-12));
        assertThat(series.path("points").get(1).get(4).asInt()).isEqualTo(2);
    }

    /** Losses of validation fall to 1.1 times the value of a run; those of Adam stay above 0.44. */
    @Test
    void showsWhoReachesTheTargetsOfTheStudyAndHowNearAllComeToTheBest() throws IOException {
        Studies.write(directory);
        ReportInput input = ReportInput.read(directory);
        StudyRuns aimed =
                input.runs()
                        .comparedBy(
                                new CompareSettings(
                                        "Adam",
                                        "",
                                        List.of(),
                                        null,
                                        Map.of("validation-loss", List.of(0.44)),
                                        List.of(Effort.EPOCHS),
                                        "",
                                        Map.of()));

        String html = HtmlReport.toHtml(input.with(aimed));
        JsonNode steps = data(html).path("steps");

        assertThat(steps.findValuesAsText("title"))
                .contains("100-10: epochs to validation-loss 0.44", "Over all problems: mean RMSE");
        JsonNode series = steps.get(0).path("series");
        assertThat(series).hasSize(2);
        assertThat(series.get(0).path("at")).isEmpty();
        assertThat(series.get(0).path("of").asInt()).isEqualTo(4);
        assertThat(series.get(1).path("at")).hasSize(4);
        assertThat(html)
                .contains("id=\"results-0-targets\"", "id=\"results-0-profiles\"")
                .contains("<td>4 of 4</td>", "<td>0 of 4</td>");
    }

    @Test
    void furtherMetricsHaveAPictureOfTheirOwn() throws IOException {
        StudyRuns main = StudyRuns.ofRows(together(ADAM, DEPTH));
        List<RunRow> shares =
                together(
                        Studies.rows("64-32", "Adam", "none", "r2", 0.30, 0.31, 0.29),
                        Studies.rows("64-32", "CaAdam", "depth", "r2", 0.35, 0.36, 0.34));
        StudyRuns both =
                new StudyRuns(
                        main.lines(),
                        List.of(),
                        List.of(),
                        main.compare(),
                        main.draws(),
                        Map.of("r2", shares));

        String html = HtmlReport.toHtml(Studies.input(main.rows()).with(both));

        assertThat(html)
                .containsPattern(
                        "(?s)id=\"verdicts-0\">RMSE beside Adam.*id=\"further\".*"
                                + "id=\"further-0\">R² beside Adam")
                .contains("CaAdam depth is better than Adam: mean R² 0.0500 higher");
        assertThat(HtmlReport.toHtml(Studies.input(main.rows()))).doesNotContain("id=\"further\"");
    }

    @Test
    void asksNothingOfANetwork() throws IOException {
        assertThat(study())
                .doesNotContainPattern("(src|href)=\"(?!data:,|#)")
                .doesNotContain("url(", "@import", "fetch(", "XMLHttpRequest")
                .contains("content=\"default-src &#39;none&#39;; script-src &#39;sha256-");
    }

    @Test
    void showsMaliciousNamesAsText() throws IOException {
        String html = study();

        assertThat(html.split("<script", -1)).hasSize(3);
        assertThat(html.split("</script", -1)).hasSize(3);
        assertThat(html)
                .doesNotContain("<!--")
                .contains(
                        "<h1>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;");
    }

    @Test
    void givesTheScriptEveryRunByColumns() throws IOException {
        String html = study();
        JsonNode runs = data(html).path("runs");

        assertThat(runs.path("cells").toString()).isEqualTo("[[0,0,4],[0,1,4],[1,0,4],[1,1,4]]");
        assertThat(runs.path("value")).hasSize(16);
        assertThat(runs.path("value").get(0).asDouble()).isEqualTo(0.4);
        assertThat(runs.path("id").get(0).asText())
                .isEqualTo(Studies.run("100-10", "Adam", "none", 0, 0).id());
        assertThat(runs.path("id").get(4).asText())
                .isEqualTo(Studies.run("100-10", "CaAdam", "depth", 0, 0).id());
        assertThat(runs.path("bestEpoch").get(0).asInt()).isEqualTo(24);
        assertThat(runs.path("commits").get(runs.path("commit").get(0).asInt()).asText())
                .isEqualTo("c0ffee");
        JsonNode curve = data(html).path("curves").get(0);
        assertThat(curve.path("run").asInt()).isZero();
        assertThat(curve.path("losses").path("loss")).hasSize(30);
    }

    @Test
    void hasCurvesOfFiveRunsOfAConfiguration() throws IOException {
        Studies.write(directory);
        ReportInput input = ReportInput.read(directory);
        List<RunRow> rows = new ArrayList<>();
        for (RunRow row : input.runs().rows()) {
            if (row.id().equals(Studies.run("64-32", "Adam", "none", 0, 0).id())) {
                rows.addAll(List.of(row, row, row, row, row, row, row));
            }
        }
        ReportInput repeated =
                new ReportInput(
                        new StudyRuns(
                                rows,
                                input.runs().records(),
                                List.of(),
                                input.runs().compare(),
                                input.runs().draws(),
                                input.runs().also()),
                        input.provenance(),
                        List.of(),
                        Optional.empty());

        assertThat(data(HtmlReport.toHtml(repeated)).path("curves")).hasSize(5);
    }

    @Test
    void saysWhatIsMissingDivergedAndFailed() throws IOException {
        assertThat(study())
                .contains("1 of 19 planned runs were not made yet")
                .contains("2 of 19 planned runs were lost")
                .contains("Planned: 19 runs: 16 finished, 1 diverged, 1 failed, 1 not made yet.")
                .contains(
                        " 64-32</th><td>Nadam</td>"
                                + "<td class=\"number\">3</td><td class=\"number\">0</td>"
                                + "<td class=\"number\">1</td><td class=\"number\">0</td>"
                                + "<td class=\"number\">1</td><td class=\"number\">1</td>")
                .contains("The worker died: &lt;/script&gt;")
                .contains("first line\nlast line &lt;/script&gt;");
    }

    @Test
    void saysWhichOptimizersHaveFewerRunsWhereThereIsNoPlan() throws IOException {
        String html =
                HtmlReport.toHtml(
                        Studies.input(together(ADAM, Studies.rows("Nadam", "none", 0.5, 0.6))));

        assertThat(html)
                .contains("what was planned is not known. Some optimizers have fewer runs")
                .contains("<td class=\"number\">2</td><td class=\"number\">3</td></tr>");
        assertThat(HtmlReport.toHtml(Studies.input(together(ADAM, DEPTH))))
                .contains("Every optimizer has the same number of runs on every network.");
    }

    @Test
    void saysWhereTheRunsComeFrom() throws IOException {
        assertThat(study())
                .contains("generated, SHA-256 abc")
                .contains("Reduced against the full protocol: 4 of 30 seeds.")
                .contains("Seeds: 0 to 3.")
                .contains("<th scope=\"row\">batch-size</th><td>64</td>")
                .contains("<th scope=\"row\">commit</th><td>c0ffee</td>");
        assertThat(HtmlReport.toHtml(Studies.input(ADAM)))
                .contains("There is no provenance.json beside the runs")
                .contains("Commit: c0ffee.");
    }

    @Test
    void readsTheProvenanceBesideAFileOfRuns() throws IOException {
        Path study = directory.resolve("study");
        Studies.write(study);
        ReportInput whole = ReportInput.read(study);
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, whole.runs().rows());
        whole.provenance().orElseThrow().write(directory.resolve("provenance.json"));

        ReportInput read = ReportInput.read(file);

        assertThat(read.provenance()).isEqualTo(whole.provenance());
        assertThat(ReportInput.read(directory).runs()).isEqualTo(read.runs());
    }

    /** As in results/, whose run files are not kept. */
    @Test
    void hasTheCurvesThatFiguresLeftBehindOfTheirRunsAlone() throws IOException {
        Path study = directory.resolve("study");
        Studies.write(study);
        FigureInput whole = FigureInput.read(study);
        List<RunRow> rows = whole.study().rows();
        RunsCsv.write(directory.resolve("runs.csv"), rows);
        LossCurvesCsv.write(
                directory.resolve(LossCurvesCsv.NAME),
                whole.curves().stream().map(HtmlReportTest::ofAnotherRunIfFirst).toList());

        JsonNode page = data(HtmlReport.toHtml(ReportInput.read(directory)));
        JsonNode fromFiles = data(HtmlReport.toHtml(ReportInput.read(study)));
        List<JsonNode> withoutFirst = new ArrayList<>();
        for (JsonNode curve : fromFiles.path("curves")) {
            int run = fromFiles.path("runs").path("run").get(curve.path("run").asInt()).asInt();
            if (run > 0) {
                withoutFirst.add(curve);
            }
        }

        assertThat(page.path("curves")).hasSize(12).containsExactlyElementsOf(withoutFirst);
    }

    private static LossCurve ofAnotherRunIfFirst(LossCurve curve) {
        return curve.run() > 0
                ? curve
                : new LossCurve(
                        curve.problem(),
                        curve.configuration(),
                        curve.run(),
                        curve.epochs().subList(1, curve.epochs().size()));
    }

    @Test
    void refusesAProvenanceThatItCannotRead() throws IOException {
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, ADAM);
        Files.writeString(directory.resolve("provenance.json"), "{");

        assertThatThrownBy(() -> ReportInput.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("provenance.json is not the provenance of runs");
    }

    @Test
    void isTheSameForTheSameRuns() throws IOException {
        assertThat(study()).isEqualTo(HtmlReport.toHtml(ReportInput.read(directory)));
    }

    @Test
    void keepsWhatWasThereWhereItCannotWrite() throws IOException {
        Path file = directory.resolve("new/report.html");
        HtmlReport.write(Studies.input(ADAM), file);
        assertThat(file).content().startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.part");

        Path occupied = Files.createDirectories(directory.resolve("occupied.html/inside"));
        assertThatThrownBy(() -> HtmlReport.write(Studies.input(ADAM), occupied.getParent()))
                .isInstanceOf(IOException.class);
        assertThat(occupied).isDirectory();
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void makesASectionOfEachMetric() throws IOException {
        String html =
                HtmlReport.toHtml(
                        Studies.input(
                                together(
                                        ADAM,
                                        DEPTH,
                                        Studies.rows("R", "Adam", "none", "accuracy", 0.9))));

        assertThat(html)
                .contains("<h2>friedman1 (paper): RMSE</h2>")
                .contains("<h2>friedman1 (paper): accuracy</h2>")
                .contains("RMSE beside Adam on friedman1</h2>")
                .doesNotContain("accuracy beside Adam");
    }
}
