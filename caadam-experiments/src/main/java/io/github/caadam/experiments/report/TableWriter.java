package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes the paper's tables of finished runs: {@code table1-rmse} (RMSE, time, epochs) and {@code
 * table3-significance} (improvement over Adam, t-tests), for accuracy {@code table2-accuracy} and
 * {@code table4-significance}, each as {@code .csv} (full precision), {@code .tex} (for {@code
 * \input}, with booktabs) and {@code .md}. Runs of several data sets, protocols or metrics make a
 * set each, with the group in the file name.
 */
public final class TableWriter {

    private TableWriter() {}

    /**
     * Writes the tables.
     *
     * @param runs finished runs, 1 or more
     * @param directory where to; created if missing
     * @return the files
     * @throws IOException if one cannot be written
     */
    public static List<Path> write(List<RunRow> runs, Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> files = new ArrayList<>();
        for (ResultTable table : tables(runs)) {
            files.add(write(directory, table.name() + ".csv", toCsv(table)));
            files.add(write(directory, table.name() + ".tex", table.toLatex()));
            files.add(write(directory, table.name() + ".md", table.toMarkdown()));
        }
        return files;
    }

    /**
     * Prints the tables as aligned text.
     *
     * @param runs finished runs, 1 or more
     * @return the text
     */
    public static String toText(List<RunRow> runs) {
        return tables(runs).stream().map(ResultTable::toText).collect(Collectors.joining("\n"));
    }

    private static List<ResultTable> tables(List<RunRow> runs) {
        List<RunGroup> groups = RunGroup.of(runs);
        List<ResultTable> tables = new ArrayList<>();
        for (RunGroup group : groups) {
            PaperTables paper =
                    new PaperTables(group, groups.size() == 1 ? "" : "-" + group.name());
            tables.add(paper.means());
            tables.add(paper.significance());
        }
        return tables;
    }

    private static String toCsv(ResultTable table) throws IOException {
        StringBuilder text = new StringBuilder();
        try (CSVPrinter csv =
                CSVFormat.RFC4180.builder().setRecordSeparator('\n').get().print(text)) {
            csv.printRecord(table.csvHeader());
            csv.printRecords(table.csvRows());
        }
        return text.toString();
    }

    private static Path write(Path directory, String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
    }
}
