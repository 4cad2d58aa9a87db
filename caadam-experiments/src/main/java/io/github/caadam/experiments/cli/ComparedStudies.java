// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.analysis.StudyComparison;
import io.github.caadam.experiments.report.StudyComparisonReport;
import io.github.caadam.experiments.report.html.ReportInput;
import io.github.caadam.experiments.results.ProvenanceDifferences;
import io.github.caadam.experiments.results.PublishedMeans;
import io.github.caadam.experiments.results.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and compares two studies, or a study and a CSV of means. */
final class ComparedStudies {

    private ComparedStudies() {}

    /**
     * Compares.
     *
     * @param first a study
     * @param second another one, or a CSV file of means
     * @param margin the margin, if one is named
     * @return the comparison
     * @throws IOException if a side cannot be read, or they have no cell in common
     */
    static StudyComparisonReport compare(Path first, Path second, Optional<Double> margin)
            throws IOException {
        ReportInput ours = ReportInput.read(first);
        List<String> provenance;
        List<StudyComparison> comparisons;
        if (Files.isRegularFile(second) && PublishedMeans.isSuch(second)) {
            PublishedMeans means = PublishedMeans.read(second);
            provenance = List.of("Of how " + second + " was made nothing is known.");
            comparisons = StudyComparison.of(ours.runs(), means, margin);
        } else {
            ReportInput theirs = ReportInput.read(second);
            provenance = provenance(first, second, ours, theirs);
            comparisons = StudyComparison.of(ours.runs(), theirs.runs(), margin);
        }
        if (comparisons.isEmpty()) {
            throw new IOException(
                    first
                            + " and "
                            + second
                            + " have nothing in common: no cell of one data set, network,"
                            + " optimizer, strategy and metric.");
        }
        return new StudyComparisonReport(
                first.toString(), second.toString(), provenance, comparisons);
    }

    private static List<String> provenance(
            Path first, Path second, ReportInput ours, ReportInput theirs) {
        List<String> lines = new ArrayList<>();
        if (ours.provenance().isEmpty()) {
            lines.add("Of how " + first + " was made nothing is known.");
        }
        if (theirs.provenance().isEmpty()) {
            lines.add("Of how " + second + " was made nothing is known.");
        }
        if (lines.isEmpty()) {
            List<String> differences =
                    ProvenanceDifferences.of(
                            ours.provenance().orElseThrow(), theirs.provenance().orElseThrow());
            if (differences.isEmpty()) {
                lines.add("They were made in the same way and in the same place.");
            }
            differences.forEach(one -> lines.add("Differs: " + one));
        }
        sharedRuns(ours.runs().rows(), theirs.runs().rows()).ifPresent(lines::add);
        return lines;
    }

    /** Runs of one question, which are no independent samples. */
    private static Optional<String> sharedRuns(List<RunRow> ours, List<RunRow> theirs) {
        Map<String, Double> values = new HashMap<>();
        ours.stream()
                .filter(run -> !run.id().isEmpty())
                .forEach(run -> values.put(run.id(), run.value()));
        List<RunRow> shared =
                theirs.stream().filter(run -> values.containsKey(run.id())).distinct().toList();
        long equal = shared.stream().filter(run -> values.get(run.id()) == run.value()).count();
        return shared.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        shared.size()
                                + " runs of both have one id, which asks the same with the same"
                                + " seed; "
                                + equal
                                + " of them have the same value to the last digit.");
    }
}
