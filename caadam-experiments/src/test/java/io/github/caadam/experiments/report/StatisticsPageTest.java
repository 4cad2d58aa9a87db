// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.Contrast;
import io.github.caadam.experiments.analysis.Family;
import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.LostRuns;
import io.github.caadam.experiments.analysis.Profile;
import io.github.caadam.experiments.analysis.Verdict;
import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.Equivalence;
import io.github.caadam.experiments.statistics.MeanDifference;
import io.github.caadam.experiments.statistics.PooledDifference;
import io.github.caadam.experiments.statistics.RankTest;
import io.github.caadam.experiments.statistics.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.TDistribution;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Recomputes the worked example of docs/statistics.md from the runs that the page has. */
class StatisticsPageTest {

    private static final double MARGIN = 0.02;

    /** The tables of the page, without their heads, by the heading that they stand under. */
    private static final Map<String, List<List<List<String>>>> TABLES = new LinkedHashMap<>();

    private static Inference inference;

    @BeforeAll
    static void read() throws IOException {
        String section = "";
        boolean inTable = false;
        for (String line : Files.readAllLines(Path.of("../docs/statistics.md"))) {
            if (line.startsWith("#")) {
                section = line.replaceFirst("^#+ ", "");
            }
            List<List<List<String>>> tables =
                    TABLES.computeIfAbsent(section, key -> new ArrayList<>());
            if (line.startsWith("|")) {
                if (!inTable) {
                    tables.add(new ArrayList<>());
                }
                tables.get(tables.size() - 1)
                        .add(
                                Arrays.stream(line.substring(1).split("\\|"))
                                        .map(String::strip)
                                        .toList());
            }
            inTable = line.startsWith("|");
        }
        inference = infer(runs("A worked example"));
    }

    /** A table of a section, without its head. */
    private static List<List<String>> table(String section, int index) {
        List<List<String>> table = TABLES.get(section).get(index);
        return table.subList(2, table.size());
    }

    private static List<RunRow> runs(String section) {
        List<RunRow> rows = new ArrayList<>();
        for (List<String> line : table(section, 0)) {
            int run = 0;
            for (String value : line.get(2).split(" ", -1)) {
                RunRowBuilder row =
                        new RunRowBuilder()
                                .on("houses", line.get(0))
                                .by(line.get(1), "none")
                                .run(run++);
                rows.add(
                        (value.equals("lost")
                                        ? row.lost(RunStatus.DIVERGED)
                                        : row.result("rmse", Double.parseDouble(value), 0))
                                .build());
            }
        }
        return rows;
    }

    private static Inference infer(List<RunRow> rows) {
        CompareSettings settings =
                new CompareSettings(
                        "SGD", "rmse", List.of(), MARGIN, Map.of(), List.of(), "", Map.of());
        return Inference.of(new StudyRuns(rows, List.of(), List.of(), settings, Map.of(), Map.of()))
                .get(0);
    }

    private static Contrast contrast(String network, String optimizer) {
        Family family =
                network.equals("all")
                        ? inference.pooled().orElseThrow()
                        : inference.problems().stream()
                                .filter(
                                        one ->
                                                one.problem()
                                                        .orElseThrow()
                                                        .architecture()
                                                        .equals(network))
                                .findFirst()
                                .orElseThrow();
        return find(family, optimizer);
    }

    private static Contrast find(Family family, String optimizer) {
        return family.contrasts().stream()
                .filter(one -> one.configuration().optimizer().equals(optimizer))
                .findFirst()
                .orElseThrow();
    }

    private static double[] doubles(String text) {
        return Stream.of(text.split(" "))
                .mapToDouble(
                        one ->
                                one.equals("never")
                                        ? Double.POSITIVE_INFINITY
                                        : Double.parseDouble(one))
                .toArray();
    }

    /** Names and values, in turn. */
    private static Map<String, Double> numbers(Object... namesAndValues) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            numbers.put((String) namesAndValues[i], ((Number) namesAndValues[i + 1]).doubleValue());
        }
        return numbers;
    }

    /** Every number of a table must be the computed one, to the printed digits. */
    private static void assertPrinted(String section, int index, Map<String, Double> computed) {
        List<List<String>> table = table(section, index);
        assertThat(table.stream().map(row -> row.get(0)).toList())
                .as(section)
                .isEqualTo(List.copyOf(computed.keySet()));
        assertThat(table.stream().map(row -> row.get(0) + ": " + row.get(2)).toList())
                .as(section)
                .isEqualTo(
                        table.stream()
                                .map(
                                        row ->
                                                row.get(0)
                                                        + ": "
                                                        + as(row.get(2), computed.get(row.get(0))))
                                .toList());
    }

    /** The number in the form of a printed one: with as many decimals, or digits of a power. */
    private static String as(String printed, double value) {
        if (printed.contains("e")) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        int point = printed.indexOf('.');
        int decimals = point < 0 ? 0 : printed.length() - point - 1;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    @Test
    void theVerdictsAreThose() {
        for (List<String> row : table("A worked example", 1)) {
            assertThat(row)
                    .containsExactly(
                            row.get(0),
                            contrast(row.get(0), "Adam").verdict().label(),
                            contrast(row.get(0), "ours").verdict().label());
        }
        assertThat(table("A worked example", 1)).hasSize(4);
    }

    @Test
    void theVerdictsOfTheListAreAllThatThereAre() {
        assertThat(
                        table("What the numbers say", 1).stream()
                                .flatMap(row -> Arrays.stream(row.get(0).split("; ")))
                                .flatMap(
                                        cell ->
                                                cell.equals("better, worse")
                                                        ? Stream.of("better", "worse")
                                                        : Stream.of(cell))
                                .toList())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Verdict.values()).map(Verdict::label).toList());
    }

    @Test
    void theGainAndItsInterval() {
        MeanDifference gain = contrast("8", "ours").gain();

        assertPrinted(
                "The gain and its interval",
                0,
                numbers(
                        "gain", gain.gain(),
                        "standard error", gain.standardError(),
                        "degrees of freedom", gain.degreesOfFreedom(),
                        "interval, low", gain.interval().low(),
                        "interval, high", gain.interval().high(),
                        "p", gain.p()));
    }

    @Test
    void holmsCorrection() {
        assertPrinted(
                "Many comparisons: Holm's correction",
                0,
                numbers(
                        "p of ours", contrast("8", "ours").p(),
                        "p of ours, corrected", contrast("8", "ours").holmP(),
                        "p of Adam", contrast("8", "Adam").p(),
                        "p of Adam, corrected", contrast("8", "Adam").holmP()));
    }

    @Test
    void theSize() {
        EffectSize effect = contrast("8", "ours").effect(true).orElseThrow();

        assertPrinted(
                "The size of it",
                0,
                numbers(
                        "Hedges' g", effect.g(),
                        "Hedges' g, low", effect.low(),
                        "Hedges' g, high", effect.high(),
                        "P(better)", contrast("32", "ours").probability()));
    }

    @Test
    void equivalence() {
        Contrast adam = contrast("8", "Adam");
        Equivalence equivalence = adam.equivalence().orElseThrow();
        TDistribution student = new TDistribution(null, adam.gain().degreesOfFreedom());
        double error = adam.gain().standardError();

        assertPrinted(
                "Equivalence",
                0,
                numbers(
                        "gain",
                        adam.gain().gain(),
                        "p, below the margin",
                        student.cumulativeProbability((adam.gain().gain() - MARGIN) / error),
                        "p, above its negative",
                        1 - student.cumulativeProbability((adam.gain().gain() + MARGIN) / error),
                        "p of equivalence",
                        equivalence.p(),
                        "p of equivalence, corrected",
                        adam.equivalenceHolmP(),
                        "inner interval, low",
                        equivalence.interval().low(),
                        "inner interval, high",
                        equivalence.interval().high()));
    }

    @Test
    void overAllNetworks() {
        Contrast ours = contrast("all", "ours");
        PooledDifference pooled = ours.pooled().orElseThrow();

        assertPrinted(
                "Over all networks",
                0,
                numbers(
                        "gain", pooled.gain(),
                        "standard error", pooled.standardError(),
                        "interval, low", pooled.interval().low(),
                        "interval, high", pooled.interval().high(),
                        "p", ours.p(),
                        "p, corrected", ours.holmP(),
                        "Q", pooled.q(),
                        "p of Q", pooled.qP(),
                        "I²", pooled.iSquared(),
                        "τ", Math.sqrt(pooled.tauSquared()),
                        "gain on these alone", pooled.alone().gain(),
                        "on these alone, low", pooled.alone().interval().low(),
                        "on these alone, high", pooled.alone().interval().high(),
                        "p on these alone", pooled.alone().p()));
    }

    @Test
    void drawsOfInitialWeights() {
        PooledDifference over =
                PooledDifference.of(
                        table("Draws of initial weights", 0).stream()
                                .map(
                                        row ->
                                                new MeanDifference(
                                                        Double.parseDouble(row.get(1)),
                                                        Double.parseDouble(row.get(2)),
                                                        58,
                                                        Optional.empty()))
                                .toList());

        assertPrinted(
                "Draws of initial weights",
                1,
                numbers(
                        "gain", over.gain(),
                        "standard error", over.standardError(),
                        "interval, low", over.interval().low(),
                        "interval, high", over.interval().high(),
                        "p", over.p()));
    }

    @Test
    void lostRuns() {
        Contrast wild = find(infer(runs("Lost runs")).problems().get(0), "wild");
        LostRuns lost = wild.lost().orElseThrow();

        assertPrinted(
                "Lost runs",
                1,
                numbers(
                        "gain, finished runs", wild.gain().gain(),
                        "p, finished runs", wild.gain().p(),
                        "P(better), all runs", lost.probability(),
                        "p, all runs", lost.p(),
                        "p that counts", wild.p(),
                        "Fisher's p", lost.fisherP()));
    }

    @Test
    void timeToATarget() {
        List<List<String>> runs = table("Time to a target", 0);
        Sample sgd = Sample.of(doubles(runs.get(0).get(1)));
        Sample ours = Sample.of(doubles(runs.get(1).get(1)));
        RankTest test = RankTest.of(ours, sgd, true);

        assertPrinted(
                "Time to a target",
                1,
                numbers(
                        "median of ours", ours.median(),
                        "median of SGD", sgd.median(),
                        "P(sooner)", test.probability(),
                        "p", test.p()));
    }

    @Test
    void profiles() {
        Map<String, Profile> profiles = new LinkedHashMap<>();
        Profile.of(inference.group())
                .forEach(one -> profiles.put(one.configuration().optimizer(), one));
        double[] sgd = profiles.get("SGD").curve().excesses();

        assertPrinted(
                "Profiles",
                0,
                numbers(
                        "SGD, within 0.02", profiles.get("SGD").curve().share(MARGIN),
                        "ours, best", profiles.get("ours").curve().share(0),
                        "SGD, worst", sgd[sgd.length - 1]));
    }
}
