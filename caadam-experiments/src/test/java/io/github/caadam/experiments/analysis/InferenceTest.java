// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static io.github.caadam.experiments.results.RunStatus.DIVERGED;
import static io.github.caadam.experiments.results.RunStatus.FAILED;
import static io.github.caadam.experiments.results.RunStatus.MISSING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.results.WeightDraw;
import io.github.caadam.experiments.statistics.FisherTest;
import io.github.caadam.experiments.statistics.HolmCorrection;
import io.github.caadam.experiments.statistics.NoTest;
import io.github.caadam.experiments.statistics.PooledDifference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class InferenceTest {

    private static final double MARGIN = 0.02;

    private final List<RunRow> rows = new ArrayList<>();
    private final NormalDistribution normal = new NormalDistribution(null, 0, 1);

    private String architecture = "64-32";
    private String protocol = "notebook";
    private String place = "";

    /** Runs at even quantiles of a normal distribution, of which the last ones are lost. */
    private void add(String optimizer, double mean, double deviation, int n, int lost) {
        add(optimizer, mean, deviation, n, lost, DIVERGED);
    }

    private void add(
            String optimizer, double mean, double deviation, int n, int lost, RunStatus status) {
        for (int run = 0; run < n; run++) {
            double quantile = normal.inverseCumulativeProbability((run + 0.5) / n);
            RunRowBuilder row =
                    new RunRowBuilder()
                            .on("california-housing", architecture)
                            .by(optimizer, "none")
                            .of("study", protocol, "")
                            .run(run)
                            .at(place)
                            .result("rmse", mean + deviation * quantile, 0);
            rows.add((run < n - lost ? row : row.lost(status)).build());
        }
    }

    private static CompareSettings settings(String metric, Double margin) {
        return new CompareSettings(
                "Base", metric, List.of(), margin, Map.of(), List.of(), "", Map.of());
    }

    private List<Inference> infer(CompareSettings settings, Map<String, WeightDraw> draws) {
        return Inference.of(new StudyRuns(rows, List.of(), List.of(), settings, draws, Map.of()));
    }

    private Inference infer() {
        return infer(settings("", MARGIN), Map.of()).get(0);
    }

    private static Contrast contrast(Inference inference, String optimizer) {
        return find(inference.problems().get(0), optimizer);
    }

    private static Contrast find(Family family, String optimizer) {
        return family.contrasts().stream()
                .filter(one -> one.configuration().optimizer().equals(optimizer))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyVerdictIsGivenWhereItIsDue() {
        add("Base", 0.5, 0.01, 20, 0);
        add("Better", 0.4, 0.01, 20, 0);
        add("Slightly better", 0.49, 0.005, 20, 0);
        add("Same", 0.5, 0.01, 20, 0);
        add("Slightly worse", 0.51, 0.005, 20, 0);
        add("Worse", 0.6, 0.01, 20, 0);
        add("Wild", 0.49, 0.2, 20, 0);
        add("Once", 0.5, 0, 1, 0);
        add("Lost", 0.4, 0.01, 20, 3);

        Inference inference = infer();

        assertThat(contrast(inference, "Better").verdict()).isEqualTo(Verdict.BETTER);
        assertThat(contrast(inference, "Slightly better").verdict())
                .isEqualTo(Verdict.BETTER_WITHIN);
        assertThat(contrast(inference, "Same").verdict()).isEqualTo(Verdict.EQUIVALENT);
        assertThat(contrast(inference, "Slightly worse").verdict()).isEqualTo(Verdict.WORSE_WITHIN);
        assertThat(contrast(inference, "Worse").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(contrast(inference, "Wild").verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(contrast(inference, "Once").verdict()).isEqualTo(Verdict.UNTESTABLE);
        assertThat(contrast(inference, "Lost").verdict()).isEqualTo(Verdict.LOST);
        assertThat(contrast(inference, "Better").gain().gain()).isCloseTo(0.1, within(1e-12));
        assertThat(contrast(inference, "Better").effect(true).orElseThrow().g())
                .isBetween(9.0, 11.0);
    }

    @Test
    void moreIsBetterWhereTheMetricSaysSo() {
        for (int run = 0; run < 10; run++) {
            double quantile = 0.01 * normal.inverseCumulativeProbability((run + 0.5) / 10);
            RunRowBuilder row = new RunRowBuilder().run(run);
            rows.add(row.by("Base", "none").result("accuracy", 0.5 + quantile, 0).build());
            rows.add(row.by("More", "none").result("accuracy", 0.9 + quantile, 0).build());
        }

        assertThat(contrast(infer(), "More").verdict()).isEqualTo(Verdict.BETTER);
        assertThat(contrast(infer(), "More").gain().gain()).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void withoutAMarginNothingIsCalledEquivalent() {
        add("Base", 0.5, 0.01, 20, 0);
        add("Same", 0.5, 0.01, 20, 0);

        Inference without = infer(settings("", null), Map.of()).get(0);

        assertThat(contrast(without, "Same").verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(contrast(without, "Same").equivalence()).isEmpty();
    }

    @Test
    void theMarginIsThatOfTheMetricItWasFixedFor() {
        add("Base", 0.5, 0.01, 20, 0);
        add("Same", 0.5, 0.01, 20, 0);

        assertThat(infer(settings("rmse", MARGIN), Map.of()).get(0).margin()).contains(MARGIN);
        assertThat(infer(settings("mae", MARGIN), Map.of()).get(0).margin()).isEmpty();
    }

    @Test
    void holmsCorrectionIsThatOfTheProblem() {
        for (String network : List.of("8", "16")) {
            architecture = network;
            add("Base", 0.5, 0.01, 10, 0);
            add("A", 0.492, 0.01, 10, 0);
            add("B", 0.488, 0.01, 10, 0);
            add("C", 0.5, 0.01, 10, 0);
        }

        Family family = infer().problems().get(0);

        assertThat(family.problem()).contains(new Problem("california-housing", "8"));
        assertThat(family.contrasts()).hasSize(3);
        assertThat(family.contrasts().stream().map(Contrast::holmP).toList())
                .isEqualTo(
                        HolmCorrection.adjust(
                                family.contrasts().stream().map(Contrast::p).toList()));
        assertThat(family.contrasts().stream().map(Contrast::equivalenceHolmP).toList())
                .isEqualTo(
                        HolmCorrection.adjust(
                                family.contrasts().stream().map(Contrast::equivalenceP).toList()));
        assertThat(find(family, "A").holmP()).isCloseTo(2 * find(family, "A").p(), within(1e-15));
    }

    @Test
    void problemsArePooledInAFamilyOfTheirOwn() {
        int i = 0;
        for (String network : List.of("8", "16", "32")) {
            architecture = network;
            add("Base", 0.5 + i, 0.01, 10, 0);
            add("A", 0.49 + i - 0.001 * i, 0.01, 10, 0);
            i++;
        }

        Inference inference = infer();
        Family pooled = inference.pooled().orElseThrow();
        Contrast contrast = find(pooled, "A");

        assertThat(pooled.problem()).isEmpty();
        assertThat(inference.families()).hasSize(4).endsWith(pooled);
        assertThat(contrast.pooled())
                .contains(
                        PooledDifference.of(
                                inference.problems().stream()
                                        .map(family -> find(family, "A").gain())
                                        .toList()));
        assertThat(contrast.counts().planned()).isEqualTo(30);
        assertThat(contrast.verdict()).isEqualTo(Verdict.BETTER_WITHIN);
        // By ranks within each problem, although the problems lie far apart.
        assertThat(contrast.probability())
                .isCloseTo(
                        inference.problems().stream()
                                .mapToDouble(family -> find(family, "A").probability())
                                .average()
                                .orElseThrow(),
                        within(1e-12));
    }

    @Test
    void oneProblemIsNotPooled() {
        add("Base", 0.5, 0.01, 10, 0);
        add("A", 0.5, 0.01, 10, 0);

        assertThat(infer().pooled()).isEmpty();
    }

    @Test
    void tooManyLostRunsOnOneProblemLeaveNoVerdictOverAll() {
        for (String network : List.of("8", "16")) {
            architecture = network;
            add("Base", 0.5, 0.01, 20, 0);
            add("A", 0.4, 0.01, 20, network.equals("8") ? 3 : 0);
        }

        Inference inference = infer();

        assertThat(contrast(inference, "A").verdict()).isEqualTo(Verdict.LOST);
        assertThat(find(inference.problems().get(1), "A").verdict()).isEqualTo(Verdict.BETTER);
        assertThat(find(inference.pooled().orElseThrow(), "A").verdict()).isEqualTo(Verdict.LOST);
    }

    @Test
    void whatNeverFinishedIsCalledLostAndWhatWasNotRunIsLeftOut() {
        add("Base", 0.5, 0.01, 10, 0);
        add("Crashed", 0.5, 0.01, 10, 10, FAILED);
        add("Later", 0.5, 0.01, 10, 10, MISSING);

        Inference inference = infer();

        assertThat(inference.problems().get(0).contrasts()).hasSize(1);
        assertThat(contrast(inference, "Crashed").verdict()).isEqualTo(Verdict.LOST);
        assertThat(contrast(inference, "Crashed").effect(true)).isEmpty();
        assertThat(contrast(inference, "Crashed").gain().gain()).isNaN();
    }

    @Test
    void lostRunsCountAsTheWorstAndLeaveNothingEquivalent() {
        add("Base", 0.5, 0.01, 30, 0);
        add("A", 0.4987, 0.01, 30, 3);

        Contrast contrast = contrast(infer(), "A");
        LostRuns lost = contrast.lost().orElseThrow();

        assertThat(contrast.gain().p()).isLessThan(0.2);
        assertThat(contrast.gain().gain()).isPositive();
        assertThat(lost.probability()).isLessThan(contrast.probability());
        assertThat(contrast.p()).isGreaterThan(contrast.gain().p());
        assertThat(lost.fisherP()).isEqualTo(FisherTest.p(27, 3, 30, 0));
        assertThat(contrast.equivalence().orElseThrow().p()).isLessThan(1e-4);
        assertThat(contrast.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(contrast.notes()).hasSize(1).first().asString().startsWith("runs were lost");
    }

    @Test
    void lostRunsOfSeveralProblemsAreRankedWithinTheirs() {
        for (String network : List.of("8", "16", "32", "64")) {
            architecture = network;
            add("Base", 0.5, 0.01, 30, 0);
            add("A", 0.4, 0.01, 30, 2);
        }

        Contrast contrast = find(infer().pooled().orElseThrow(), "A");

        assertThat(contrast.lost().orElseThrow().probability()).isCloseTo(28 / 30.0, within(1e-12));
        assertThat(contrast.verdict()).isEqualTo(Verdict.BETTER);
        assertThat(contrast.p()).isEqualTo(contrast.gain().p());
    }

    @Test
    void sharedWeightsAreSaidToBeOneDraw() {
        add("Base", 0.5, 0.01, 10, 0);
        add("A", 0.5, 0.01, 10, 0);

        assertThat(infer().weights()).isEmpty();
        assertThat(
                        infer(settings("", null), Map.of("notebook", new WeightDraw("{}", 0)))
                                .get(0)
                                .weights())
                .isEqualTo("for this draw of initial weights");
    }

    /** The gain of A is as given for each draw. */
    private List<Inference> overDraws(double... gains) {
        Map<String, WeightDraw> draws = new HashMap<>();
        for (int draw = 0; draw < gains.length; draw++) {
            protocol = "notebook-weights-" + draw;
            draws.put(protocol, new WeightDraw("{}", draw));
            add("Base", 0.5 + 0.1 * draw, 0.01, 10, 0);
            add("A", 0.5 + 0.1 * draw - gains[draw], 0.01, 10, 0);
        }
        return infer(settings("", MARGIN), draws);
    }

    @Test
    void drawsOfWeightsAreALevelOfTheirOwn() {
        List<Inference> all = overDraws(0.03, 0.05, -0.04);
        Inference over = all.get(3);
        Contrast contrast = contrast(over, "A");

        assertThat(contrast(all.get(0), "A").verdict()).isEqualTo(Verdict.BETTER);
        assertThat(contrast(all.get(2), "A").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(over.isOverDraws()).isTrue();
        assertThat(over.weights()).isEqualTo("over 3 draws of initial weights");
        assertThat(contrast.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(contrast.gain().degreesOfFreedom()).isEqualTo(2);
        assertThat(contrast.pooled())
                .contains(
                        PooledDifference.of(
                                all.subList(0, 3).stream()
                                        .map(one -> contrast(one, "A").gain())
                                        .toList()));
        assertThat(contrast.counts().finished()).isEqualTo(30);
    }

    @Test
    void whatHoldsInEveryDrawHoldsOverThem() {
        List<Inference> all = overDraws(0.05, 0.052, 0.048, 0.051);

        assertThat(contrast(all.get(4), "A").verdict()).isEqualTo(Verdict.BETTER);
    }

    @Test
    void drawsOfOtherProtocolsAreNotMixed() {
        Map<String, WeightDraw> draws = new HashMap<>();
        for (String one : List.of("one", "two")) {
            protocol = one;
            draws.put(one, new WeightDraw(one, 0));
            add("Base", 0.5, 0.01, 10, 0);
            add("A", 0.5, 0.01, 10, 0);
        }

        assertThat(infer(settings("", null), draws)).hasSize(2).noneMatch(Inference::isOverDraws);
    }

    @Test
    void unlikePlacesAreMarked() {
        place = "one";
        add("Base", 0.5, 0.01, 10, 0);
        place = "another";
        add("A", 0.4, 0.01, 10, 0);

        assertThat(contrast(infer(), "A").alike()).isFalse();
        assertThat(contrast(infer(), "A").notes()).contains(NoTest.UNLIKE_PLACES.reason());
        assertThat(contrast(infer(), "A").verdict()).isEqualTo(Verdict.BETTER);
    }

    @Test
    void thereIsNoContrastWithoutABaseline() {
        add("A", 0.4, 0.01, 10, 0);

        assertThat(infer().problems()).isEmpty();
        assertThat(infer().pooled()).isEqualTo(Optional.empty());
    }
}
