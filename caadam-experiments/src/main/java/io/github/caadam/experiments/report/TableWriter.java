// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.FileNames;
import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.CsvFile;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.results.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Writes the tables of finished runs: {@code means-METRIC} (the metric, time, epochs), {@code
 * differences} (improvement over the baseline, t-tests), {@code effects} (effect sizes, intervals,
 * corrected p-values), {@code verdicts} on each problem, {@code pooled} over all, {@code profiles}
 * and, where the study has targets, {@code time-to-target}; of all together {@code training-time},
 * and where runs have no result {@code lost-runs}; of each further metric of the study verdicts
 * with its name, such as {@code verdicts-mae}. Each is written as {@code .csv} (full precision),
 * {@code .tex} (for {@code \input}, with booktabs) and {@code .md}. Studies that are reported after
 * a publication have the names of its tables, and plug-ins add further ones ({@link
 * FurtherTables}). Runs of several data sets, protocols or metrics make a set each, with the group
 * in the file name.
 */
public final class TableWriter {

    private final List<ResultTable> tables;

    /**
     * Makes the tables.
     *
     * @param runs the runs
     */
    public TableWriter(StudyRuns runs) {
        tables = tables(runs);
    }

    /**
     * Writes the tables.
     *
     * @param directory where to; created if missing
     * @return the files
     * @throws IOException if one cannot be written
     */
    public List<Path> write(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        for (ResultTable table : tables) {
            files.addAll(write(table, "", directory));
        }
        return files;
    }

    /** Writes a table in all forms, with a text below it in Markdown. */
    static List<Path> write(ResultTable table, String below, Path directory) throws IOException {
        Files.createDirectories(directory);
        return List.of(
                write(
                        directory,
                        table.name() + ".csv",
                        CsvFile.text(table.csvHeader(), table.csvRows())),
                write(directory, table.name() + ".tex", Latex.of(table)),
                write(
                        directory,
                        table.name() + ".md",
                        Markdown.of(table) + (below.isEmpty() ? "" : "\n" + below + "\n")));
    }

    /**
     * Prints the tables as aligned text.
     *
     * @return the text
     */
    public String toText() {
        return tables.stream().map(PlainText::of).collect(Collectors.joining("\n"));
    }

    private static List<ResultTable> tables(StudyRuns runs) {
        List<ResultTable> tables = new ArrayList<>();
        Map<RunGroup, String> suffixes = suffixes(runs);
        suffixes.forEach(
                (group, suffix) -> {
                    tables.addAll(new StudyTables(group, suffix).all());
                    ServiceLoader.load(FurtherTables.class)
                            .forEach(one -> tables.addAll(one.of(group, suffix)));
                });
        tables.addAll(verdicts(runs, suffixes, ""));
        FileNames metrics = new FileNames();
        for (StudyRuns further : runs.byFurtherMetrics()) {
            String metric = further.lines().get(0).metric();
            String suffix = "-" + metrics.unique(FileNames.slug(metric));
            tables.addAll(verdicts(further, suffixes(further), suffix));
        }
        tables.add(TrainingTimeTable.of(runs));
        LostRunsTable.of(runs).ifPresent(tables::add);
        return tables;
    }

    /** What can be said of each group, by the metric of its runs. */
    private static List<ResultTable> verdicts(
            StudyRuns runs, Map<RunGroup, String> suffixes, String metric) {
        List<ResultTable> tables = new ArrayList<>();
        List<Inference> all = Inference.of(runs, List.copyOf(suffixes.keySet()));
        boolean manySets = all.stream().filter(Inference::isOverDraws).count() > 1;
        FileNames sets = new FileNames();
        for (Inference one : all) {
            if (one.isOverDraws()) {
                String suffix = metric + (manySets ? "-" + sets.unique(one.group().name()) : "");
                tables.addAll(new VerdictTables(one, suffix).all());
            } else {
                String suffix = metric + suffixes.get(one.group());
                tables.addAll(new VerdictTables(one, suffix).all());
                tables.addAll(new TargetTables(runs, one, suffix).all());
            }
        }
        return tables;
    }

    /** What is added to the names of a group's files: nothing where there is one group only. */
    static Map<RunGroup, String> suffixes(StudyRuns runs) {
        List<RunGroup> groups = RunGroup.of(runs);
        FileNames names = new FileNames();
        Map<RunGroup, String> suffixes = new LinkedHashMap<>();
        groups.forEach(
                group ->
                        suffixes.put(
                                group, groups.size() == 1 ? "" : "-" + names.unique(group.name())));
        return suffixes;
    }

    private static Path write(Path directory, String name, String text) throws IOException {
        Path file = directory.resolve(name);
        WholeFile.write(file, text);
        return file;
    }
}
