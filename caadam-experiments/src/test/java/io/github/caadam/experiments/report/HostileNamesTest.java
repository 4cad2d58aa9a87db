// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names are text wherever they are printed; that LaTeX compiles is {@link LatexTest}'s. */
class HostileNamesTest {

    @TempDir private Path directory;

    private static List<RunRow> rows(String dataset, String network, String optimizer) {
        List<RunRow> rows = new ArrayList<>();
        for (String each : List.of("Adam", optimizer)) {
            for (int run = 0; run < 3; run++) {
                rows.add(
                        new RunRowBuilder()
                                .on(dataset, network)
                                .by(each, "none")
                                .run(run)
                                .result("accuracy", 0.5 + 0.01 * run, 0)
                                .of(optimizer, "notebook", optimizer)
                                .build());
            }
        }
        return rows;
    }

    private List<Path> write(List<RunRow> rows) throws IOException {
        return new TableWriter(StudyRuns.ofRows(rows)).write(directory.resolve("tables"));
    }

    @Test
    void noCellIsAFormula() throws IOException {
        String formula = "=cmd|' /C calc'!A0";

        for (Path file : write(rows("@data", "-1+1", formula))) {
            if (!file.toString().endsWith(".csv")) {
                continue;
            }
            try (Reader reader = Files.newBufferedReader(file);
                    CSVParser parser = CSVFormat.RFC4180.parse(reader)) {
                for (CSVRecord row : parser) {
                    assertThat(row.values())
                            .filteredOn(cell -> !cell.matches("-?\\d.*"))
                            .noneMatch(cell -> cell.matches("(?s)[=+\\-@\\t].*"));
                }
            }
        }
        assertThat(directory.resolve("tables/means-accuracy.csv"))
                .content()
                .contains("'@data,'-1+1,")
                .contains("'" + formula);
    }

    @Test
    void markdownHasNoTagsLinksOrCellsOfTheirs() throws IOException {
        write(rows("<script>alert(1)</script>", "a|b", "[x](javascript:y) &lt; `z` *_"));

        assertThat(directory.resolve("tables/means-accuracy.md"))
                .content()
                .contains("\\<script>alert(1)\\</script>")
                .contains("| **a\\|b** |")
                .contains("[x\\](javascript:y) \\&lt; \\`z\\` \\*\\_")
                .doesNotContainPattern("(?<!\\\\)<[a-z/]");
    }

    @Test
    void namesOfDataAndMetricsLeaveNoDirectory() throws IOException {
        List<RunRow> rows = rows("../../data", "..", "AdamW");
        for (int run = 0; run < 2; run++) {
            rows.add(
                    new RunRowBuilder()
                            .on("../../x", "y")
                            .run(run)
                            .result("../../../rmse", 1 + run, 0)
                            .build());
        }

        List<Path> files = write(rows);

        assertThat(files).allMatch(file -> file.getParent().endsWith("tables"));
        try (Stream<Path> all = Files.walk(directory)) {
            assertThat(all.filter(Files::isRegularFile))
                    .hasSameSizeAs(files)
                    .allMatch(file -> file.getParent().endsWith("tables"));
        }
    }

    @Test
    void groupsWhoseNamesDifferByWhatFileNamesLackHaveTheirOwnFiles() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        for (String dataset : List.of("数据", "данные")) {
            rows.add(new RunRowBuilder().on(dataset, "8").build());
        }

        List<Path> files = write(rows);

        assertThat(files).doesNotHaveDuplicates().hasSize(9);
    }
}
