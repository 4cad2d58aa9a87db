// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Contrast;
import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.experiments.analysis.StudyComparison;
import io.github.caadam.experiments.analysis.StudyComparison.Cell;
import io.github.caadam.experiments.analysis.Verdict;
import io.github.caadam.experiments.report.html.Numbers;
import io.github.caadam.experiments.statistics.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Two studies beside each other: what differs in how they were made, then every cell that both
 * have.
 *
 * @since 0.1.0
 */
public final class StudyComparisonReport {

    private static final int METRIC_DIGITS = 4;

    private final String first;
    private final String second;
    private final List<String> provenance;
    private final List<StudyComparison> comparisons;

    /**
     * Prepares the report.
     *
     * @param first the name of the first study
     * @param second the name of the second
     * @param provenance what differs in how they were made, in sentences
     * @param comparisons the comparisons
     */
    public StudyComparisonReport(
            String first,
            String second,
            List<String> provenance,
            List<StudyComparison> comparisons) {
        this.first = first;
        this.second = second;
        this.provenance = List.copyOf(provenance);
        this.comparisons = List.copyOf(comparisons);
    }

    /**
     * Prints provenance, tables and counts.
     *
     * @return the text
     */
    public String toText() {
        StringBuilder text = new StringBuilder();
        provenance.forEach(line -> text.append(line).append('\n'));
        for (StudyComparison comparison : comparisons) {
            text.append('\n')
                    .append(PlainText.of(table(comparison, "")))
                    .append('\n')
                    .append(summary(comparison))
                    .append('\n');
        }
        return text.toString();
    }

    /**
     * Writes a table {@code compared-METRIC} for each comparison, as {@code .csv}, {@code .md} and
     * {@code .tex}.
     *
     * @param directory where to; created if missing
     * @return the files
     * @throws IOException if one cannot be written
     */
    public List<Path> write(Path directory) throws IOException {
        FileNames names = new FileNames();
        List<Path> files = new ArrayList<>();
        for (StudyComparison comparison : comparisons) {
            String name = names.unique("compared-" + FileNames.slug(comparison.measure().name()));
            String below =
                    provenance.stream().map(line -> "- " + line).collect(Collectors.joining("\n"))
                            + "\n- "
                            + summary(comparison);
            files.addAll(TableWriter.write(table(comparison, name), below, directory));
        }
        return files;
    }

    /** How many cells have which verdict. */
    private String summary(StudyComparison comparison) {
        int cells = comparison.cells().size();
        List<String> parts =
                Arrays.stream(Verdict.values())
                        .filter(verdict -> comparison.count(verdict) > 0)
                        .map(verdict -> comparison.count(verdict) + " " + verdict.label())
                        .toList();
        return "Of "
                + cells
                + (cells == 1 ? " cell" : " cells")
                + " that both have: "
                + String.join("; ", parts)
                + only(comparison.onlyFirst(), first)
                + only(comparison.onlySecond(), second)
                + ".";
    }

    private static String only(int cells, String study) {
        return cells == 0 ? "" : ". Of " + study + " alone: " + cells;
    }

    private ResultTable table(StudyComparison comparison, String name) {
        String metric = comparison.measure().title();
        String unit = comparison.measure().unit();
        Columns<Cell> printed =
                keys(true)
                        .text("Verdict", one -> one.contrast().verdict().label())
                        .number("First", one -> printed(one.first()))
                        .number("Second", one -> printed(one.second()))
                        .number("n", StudyComparisonReport::counts)
                        .number(
                                "Gain",
                                one ->
                                        ResultTable.valueAndInterval(
                                                one.contrast().gain().gain(),
                                                one.contrast().gain().interval(),
                                                METRIC_DIGITS))
                        .number("p (Holm)", one -> ResultTable.pValue(one.contrast().holmP()));
        if (comparison.margin().isPresent()) {
            printed.number(
                    "±p (Holm)", one -> ResultTable.pValue(one.contrast().equivalenceHolmP()));
        }
        return ResultTable.of(
                name,
                first
                        + " beside "
                        + second
                        + ": mean ± sample standard deviation of "
                        + metric
                        + (unit.isEmpty() ? "" : " (in " + unit + ")")
                        + " on the test rows; gain of the first over the second with Welch's 95 %"
                        + " interval, positive is better; p, and "
                        + comparison
                                .margin()
                                .map(
                                        margin ->
                                                "p of two one-sided tests of a gain within ±"
                                                        + Numbers.shortest(margin)
                                                        + " (±p)")
                                .orElse("no margin, so that nothing is called equivalent")
                        + ", with Holm's correction over all cells.",
                comparison.cells(),
                one -> false,
                one -> one.contrast().notes(),
                printed,
                full(comparison));
    }

    private static Columns<Cell> keys(boolean titled) {
        return new Columns<Cell>()
                .keys(
                        true,
                        titled,
                        one -> one.contrast().problem().orElseThrow(),
                        one -> one.contrast().configuration());
    }

    private static Columns<Cell> full(StudyComparison comparison) {
        return keys(false)
                .text("metric", one -> comparison.measure().name())
                .text("verdict", one -> one.contrast().verdict().label())
                .number("n", one -> one.contrast().counts().finished())
                .number("mean", one -> number(one.first(), Summary::mean))
                .number("std", one -> number(one.first(), Summary::deviation))
                .number("n_second", one -> one.contrast().baselineCounts().finished())
                .number("mean_second", one -> number(one.second(), Summary::mean))
                .number("std_second", one -> number(one.second(), Summary::deviation))
                .number("gain", one -> one.contrast().gain().gain())
                .number("gain_low", one -> one.contrast().gain().interval().low())
                .number("gain_high", one -> one.contrast().gain().interval().high())
                .number("p", one -> one.contrast().p())
                .number("holm_p", one -> one.contrast().holmP())
                .number("margin", one -> comparison.margin().orElse(Double.NaN))
                .number("equivalence_p", one -> one.contrast().equivalenceP())
                .number("equivalence_holm_p", one -> one.contrast().equivalenceHolmP())
                .counts("", of(Contrast::counts))
                .counts("second_", of(Contrast::baselineCounts));
    }

    private static <R> Function<Cell, R> of(Function<Contrast, R> value) {
        return cell -> value.apply(cell.contrast());
    }

    private static double number(Optional<Summary> side, ToDoubleFunction<Summary> value) {
        return side.map(value::applyAsDouble).orElse(Double.NaN);
    }

    private static String printed(Optional<Summary> side) {
        return side.map(
                        one ->
                                ResultTable.decimals(one.mean(), METRIC_DIGITS)
                                        + " ± "
                                        + ResultTable.decimals(one.deviation(), METRIC_DIGITS))
                .orElse(ResultTable.NO_VALUE);
    }

    private static String counts(Cell one) {
        return StudyTables.counts(one.contrast().counts(), one.contrast().baselineCounts());
    }
}
