// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.report.html.HtmlTable.Cell;
import io.github.caadam.experiments.report.html.HtmlTable.Column;
import io.github.caadam.experiments.report.html.HtmlTable.Row;
import io.github.caadam.experiments.results.Provenance;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.results.RunRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where the runs come from: data, protocol, optimizers, machine, commit. */
final class Origin {

    private final ReportInput input;

    Origin(ReportInput input) {
        this.input = input;
    }

    List<String> sentences() {
        if (input.provenance().isEmpty()) {
            String commits =
                    input.runs().rows().stream()
                            .map(RunRow::commit)
                            .filter(commit -> !commit.isEmpty())
                            .distinct()
                            .collect(Collectors.joining(", "));
            return List.of(
                    "There is no provenance.json beside the runs, so machine, library versions and"
                            + " options are not known."
                            + (commits.isEmpty() ? "" : " Commit: " + commits + "."));
        }
        Provenance provenance = input.provenance().get();
        List<String> sentences = new ArrayList<>();
        sentences.add("Data: " + String.join("; ", provenance.data()) + ".");
        if (!provenance.plugins().isEmpty()) {
            sentences.add("Plug-ins: " + String.join("; ", provenance.plugins()) + ".");
        }
        sentences.add(
                "Reduced against the full protocol: "
                        + (provenance.reductions().isEmpty() ? "nothing" : provenance.reductions())
                        + ".");
        sentences.add(
                "Runs were started from "
                        + provenance.firstStarted()
                        + " to "
                        + provenance.lastStarted()
                        + " (UTC); all trainings together took "
                        + String.format(Locale.ROOT, "%.2f", provenance.trainingSeconds() / 3600)
                        + " hours. "
                        + describeSeeds(provenance.seeds()));
        return sentences;
    }

    private static String describeSeeds(List<Integer> seeds) {
        List<Integer> sorted = seeds.stream().sorted().toList();
        int first = sorted.get(0);
        int last = sorted.get(sorted.size() - 1);
        boolean gapless = last - first == sorted.size() - 1;
        return "Seeds: "
                + (gapless && sorted.size() > 2
                        ? first + " to " + last
                        : sorted.stream().map(String::valueOf).collect(Collectors.joining(", ")))
                + ".";
    }

    List<HtmlTable> tables() {
        Optional<Provenance> provenance = input.provenance();
        if (provenance.isEmpty()) {
            return List.of();
        }
        return List.of(
                options(
                        "environments-table",
                        "Environments: where the runs were made.",
                        "Environment",
                        provenance.get().places()),
                options(
                        "optimizers-table",
                        "Optimizers, with all options.",
                        "Optimizer",
                        provenance.get().optimizers().stream().map(Question::flat).toList()),
                options(
                        "protocols-table",
                        "Protocols, with all options.",
                        "Protocol",
                        provenance.get().protocols().stream().map(Question::flat).toList()));
    }

    /** A line per option and a column per object, as options are many and objects few. */
    private static HtmlTable options(
            String id, String caption, String title, List<Map<String, String>> objects) {
        Set<String> names = new LinkedHashSet<>();
        objects.forEach(object -> names.addAll(object.keySet()));
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text("Option"));
        for (int i = 1; i <= objects.size(); i++) {
            columns.add(Column.text(objects.size() == 1 ? "Value" : title + " " + i));
        }
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            List<Cell> cells = new ArrayList<>();
            cells.add(Cell.header(name));
            objects.forEach(object -> cells.add(Cell.text(object.getOrDefault(name, ""))));
            rows.add(new Row(false, cells));
        }
        return new HtmlTable(id, caption, columns, rows, false);
    }
}
