// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static io.github.caadam.experiments.report.html.Studies.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {

    private static final List<RunRow> ADAM =
            Studies.rows("Adam", "none", 0.500, 0.501, 0.499, 0.502, 0.498);
    private static final List<RunRow> BETTER =
            Studies.rows("CaAdam", "depth", 0.450, 0.451, 0.449, 0.452, 0.448);

    private static Findings findings(List<RunRow> rows) {
        return findings(StudyRuns.ofRows(rows));
    }

    private static Findings findings(StudyRuns runs) {
        List<RunGroup> groups = RunGroup.of(runs);
        RunGroup group = groups.get(0);
        return new Findings(new PageIndex(groups), group, Improvement.of(group));
    }

    private static String text(List<RunRow> rows) {
        return text(StudyRuns.ofRows(rows));
    }

    private static String text(StudyRuns runs) {
        return findings(runs).byProblem().get(0).text().replace('\u00a0', ' ');
    }

    @Test
    void saysWhoLeadsByHowMuchAndHowSurely() {
        assertThat(text(together(ADAM, BETTER)))
                .isEqualTo(
                        "CaAdam depth has the lowest mean RMSE, 0.4500, 10.00 % below Adam’s 0.5000"
                                + " (corrected p < 0.0001). Significantly better than Adam: CaAdam"
                                + " depth.");
    }

    @Test
    void namesTheNextWhereAdamLeads() {
        assertThat(
                        text(
                                together(
                                        ADAM,
                                        Studies.rows(
                                                "Nadam", "none", 0.600, 0.601, 0.599, 0.602,
                                                0.598))))
                .isEqualTo(
                        "Adam has the lowest mean RMSE, 0.5000; next is Nadam with 0.6000."
                                + " Significantly worse: Nadam.");
    }

    @Test
    void doesNotTakeChanceForADifference() {
        assertThat(
                        text(
                                together(
                                        ADAM,
                                        Studies.rows(
                                                "AdamW", "none", 0.499, 0.503, 0.497, 0.501,
                                                0.4990))))
                .startsWith("AdamW has the lowest mean RMSE, 0.4998, 0.04 % below Adam’s 0.5000")
                .contains("(corrected p = 0.88)")
                .endsWith("No significant difference from Adam: AdamW.");
    }

    @Test
    void sumsUpWhereNothingIsSignificant() {
        assertThat(
                        text(
                                together(
                                        ADAM,
                                        Studies.rows(
                                                "AdamW", "none", 0.499, 0.503, 0.497, 0.501, 0.499),
                                        Studies.rows(
                                                "Nadam", "none", 0.502, 0.499, 0.503, 0.498,
                                                0.500))))
                .endsWith("No optimizer differs significantly from Adam.");
    }

    @Test
    void testsNothingOnOneRunEach() {
        Findings findings =
                findings(
                        together(
                                Studies.rows("Adam", "none", 0.5),
                                Studies.rows("CaAdam", "depth", 0.45)));

        assertThat(findings.byProblem().get(0).text())
                .isEqualTo(
                        "CaAdam depth has the lowest mean RMSE, 0.4500, 10.00 % below Adam’s"
                                + " 0.5000. Not testable, for want of a second run or of runs that"
                                + " vary: CaAdam depth.");
        assertThat(findings.overview())
                .containsExactly(
                        "Where there is one run only, nothing can be said about chance: the order"
                                + " may change with the next run.");
    }

    @Test
    void warnsOfFewRuns() {
        assertThat(
                        findings(
                                        together(
                                                Studies.rows("Adam", "none", 0.5, 0.51, 0.49),
                                                Studies.rows("CaAdam", "depth", 0.45, 0.46)))
                                .overview())
                .containsExactly(
                        "With as few as 2 runs of an optimizer, tests find large differences"
                                + " only.");
    }

    @Test
    void findsNoLeaderAmongIdenticalValues() {
        assertThat(
                        text(
                                together(
                                        Studies.rows("Adam", "none", 0.5, 0.5),
                                        Studies.rows("AdamW", "none", 0.5, 0.5))))
                .isEqualTo(
                        "All 2 optimizers have the same mean RMSE, 0.5000. Not testable, for want"
                                + " of a second run or of runs that vary: AdamW.");
    }

    @Test
    void letsTwoShareTheLead() {
        assertThat(
                        text(
                                together(
                                        Studies.rows("Adam", "none", 0.5, 0.5),
                                        Studies.rows("AdamW", "none", 0.5, 0.5),
                                        Studies.rows("Nadam", "none", 0.6, 0.6))))
                .startsWith(
                        "Adam and AdamW share the lowest mean RMSE, 0.5000; next is Nadam with"
                                + " 0.6000.");
    }

    @Test
    void comparesWithNothingWhereTheBaselineIsMissing() {
        List<RunRow> rows = together(BETTER, Studies.rows("Nadam", "none", 0.6, 0.61));
        StudyRuns runs = StudyRuns.ofRows(rows);

        assertThat(text(runs.comparedBy(runs.compare().withBaseline("Adam"))))
                .isEqualTo(
                        "CaAdam depth has the lowest mean RMSE, 0.4500. There are no runs of Adam"
                                + " to compare with.");
    }

    @Test
    void namesTheBaselineOfTheStudy() {
        StudyRuns runs = StudyRuns.ofRows(together(ADAM, BETTER));

        assertThat(text(runs.comparedBy(runs.compare().withBaseline("CaAdam depth"))))
                .isEqualTo(
                        "CaAdam depth has the lowest mean RMSE, 0.4500; next is Adam with 0.5000."
                                + " Significantly worse: Adam.");
    }

    @Test
    void hasLittleToSayOfOneOptimizer() {
        assertThat(text(ADAM)).isEqualTo("Only Adam was run: mean RMSE 0.5000.");
    }

    @Test
    void looksForTheHighestAccuracy() {
        assertThat(
                        text(
                                together(
                                        Studies.rows(
                                                "R", "Adam", "none", "accuracy", 0.80, 0.81, 0.79),
                                        Studies.rows(
                                                "R",
                                                "CaAdam",
                                                "depth",
                                                "accuracy",
                                                0.90,
                                                0.91,
                                                0.89))))
                .startsWith(
                        "CaAdam depth has the highest mean accuracy, 0.9000, 12.50 % above Adam’s"
                                + " 0.8000 (corrected p = 0.0003).");
    }

    @Test
    void leavesPercentagesOfZeroOut() {
        assertThat(
                        text(
                                together(
                                        Studies.rows("R", "Adam", "none", "accuracy", 0, 0),
                                        Studies.rows(
                                                "R", "CaAdam", "depth", "accuracy", 0.1, 0.2))))
                .startsWith(
                        "CaAdam depth has the highest mean accuracy, 0.1500, above Adam’s 0.0000");
    }

    @Test
    void whatLostRunsLeadsNowhere() {
        List<RunRow> wild = lost(BETTER, "CaAdam", "depth", 1);

        assertThat(text(together(ADAM, wild, Studies.rows("Nadam", "none", 0.6, 0.61, 0.6, 0.62))))
                .startsWith(
                        "Adam has the lowest mean RMSE, 0.5000; next is Nadam with 0.6075. Means"
                                + " over finished runs only, which flatter: CaAdam depth 0.4500 (1 of 6"
                                + " runs lost).")
                .contains("No verdict, as more than 10 % of the runs of a side were lost: CaAdam");
    }

    @Test
    void nobodyLeadsWhereAllLostRuns() {
        List<RunRow> all =
                together(lost(ADAM, "Adam", "none", 1), lost(BETTER, "CaAdam", "depth", 2));

        assertThat(text(all))
                .startsWith("Every optimizer lost runs, so that none has the lowest mean RMSE.")
                .contains("Adam 0.5000 (1 of 6 runs lost)", "(2 of 7 runs lost)");
    }

    private static List<RunRow> lost(
            List<RunRow> finished, String optimizer, String strategy, int lost) {
        List<RunRow> rows = new ArrayList<>(finished);
        for (int i = 0; i < lost; i++) {
            rows.add(
                    new RunRowBuilder()
                            .on("friedman1", "64-32")
                            .by(optimizer, strategy)
                            .run(rows.size())
                            .of("tiny", "paper", "")
                            .lost(RunStatus.DIVERGED)
                            .build());
        }
        return rows;
    }

    @Test
    void countsLeadsAndDifferencesOverNetworks() {
        Findings findings =
                findings(
                        together(
                                ADAM,
                                BETTER,
                                Studies.rows(
                                        "128", "Adam", "none", "rmse", 0.5, 0.51, 0.49, 0.5, 0.5),
                                Studies.rows(
                                        "128", "CaAdam", "depth", "rmse", 0.51, 0.5, 0.5, 0.5,
                                        0.5)));

        assertThat(findings.overview())
                .containsExactly(
                        "The lowest mean RMSE is that of CaAdam depth on 1, Adam on 1 of the 2"
                                + " networks.",
                        "Significantly different from Adam: CaAdam depth better on 1 of 2.");
    }
}
