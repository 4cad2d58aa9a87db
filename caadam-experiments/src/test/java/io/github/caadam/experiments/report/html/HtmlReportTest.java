// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static io.github.caadam.experiments.report.html.Studies.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.figure.FigureInput;
import io.github.caadam.experiments.figure.LossCurve;
import io.github.caadam.experiments.figure.LossCurvesCsv;
import io.github.caadam.experiments.results.DrawnRuns;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
                .contains(">better</td>")
                .contains("CaAdam depth has the lowest mean RMSE, 0.4500");
    }

    @Test
    void holdsStrategiesAgainstAdamAtTheirMeanLearningRate() throws IOException {
        List<RunRow> averaged = Studies.rows("CaAdam", "depth averaged", 0.46, 0.47, 0.45);

        String html = HtmlReport.toHtml(Studies.input(together(ADAM, DEPTH, averaged)));

        // Means 0.45 and 0.46, deviations 0.01: t = 1.22 with 4 degrees of freedom.
        assertThat(html)
                .containsPattern(
                        "id=\"results-0-fair\"(?s:.*)CaAdam depth</td>(?s:.{0,200})CaAdam depth"
                                + " averaged</td>(?s:.{0,100})>\\+0.0100<(?s:.*?)>not significant<");
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

        assertThat(data(html).path("groups").get(0).path("baseline").asText()).isEqualTo("SGD");
        assertThat(html)
                .contains("Positive is better than SGD throughout.")
                .contains("Effects against SGD: Hedges’ g")
                .contains("Significantly better than SGD: Ours beta&#x3D;0.9.")
                .doesNotContainPattern("(?<![Cc]a)[Aa]dam|CaAdam");
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
    void givesTheScriptEveryRunInTheOrderOfTheTable() throws IOException {
        String html = study();
        JsonNode runs = data(html).path("runs");

        assertThat(runs).hasSize(16);
        assertThat(runs.get(0).path("value").asDouble()).isEqualTo(0.4);
        assertThat(runs.get(0).path("id").asText())
                .isEqualTo(Studies.run("100-10", "Adam", "none", 0, 0).id());
        assertThat(runs.get(4).path("id").asText())
                .isEqualTo(Studies.run("100-10", "CaAdam", "depth", 0, 0).id());
        assertThat(runs.get(0).path("bestEpoch").asInt()).isEqualTo(24);
        assertThat(runs.get(0).path("curve").path("loss")).hasSize(30);
        assertThat(data(html).path("groups").get(0).path("effects")).hasSize(2);
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
                        List.of());

        assertThat(data(HtmlReport.toHtml(repeated)).path("runs"))
                .filteredOn(run -> !run.path("curve").isNull())
                .hasSize(5);
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

        JsonNode runs = data(HtmlReport.toHtml(ReportInput.read(directory))).path("runs");
        JsonNode fromFiles = data(HtmlReport.toHtml(ReportInput.read(study))).path("runs");

        assertThat(runs).hasSameSizeAs(fromFiles);
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i).path("run").asInt() == 0) {
                assertThat(runs.get(i).path("curve").isNull()).isTrue();
            } else {
                assertThat(runs.get(i).path("curve")).isEqualTo(fromFiles.get(i).path("curve"));
            }
        }
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
                .contains("There are no runs of Adam and another optimizer on the same network.");
    }
}
