// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What a benchmark measured. */
public final class BenchmarkResult {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final List<BenchmarkRow> rows;
    private final List<BenchmarkDetail> details;
    private final BenchmarkSettings settings;
    private final Map<String, String> environment;

    BenchmarkResult(
            List<BenchmarkRow> rows,
            List<BenchmarkDetail> details,
            BenchmarkSettings settings,
            Map<String, String> startEnvironment) {
        this.rows = List.copyOf(rows);
        this.details = List.copyOf(details);
        this.settings = settings;
        environment = new TreeMap<>(startEnvironment);
        environment.put(
                "load",
                Double.toString(
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    }

    /**
     * Writes {@code bench.csv}, the comparison; {@code bench-details.csv}, what stands beside it;
     * and {@code bench.json}, the machine, versions, commit and settings.
     *
     * @param directory the directory; created if missing
     * @return the files
     * @throws IOException if one cannot be written
     */
    public List<Path> write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path comparison = directory.resolve("bench.csv");
        writeCsv(comparison, BenchmarkRow.COLUMNS, rows.stream().map(BenchmarkRow::cells).toList());
        Path beside = directory.resolve("bench-details.csv");
        writeCsv(
                beside,
                BenchmarkDetail.COLUMNS,
                details.stream().map(BenchmarkDetail::cells).toList());
        Path provenance = directory.resolve("bench.json");
        Files.writeString(provenance, JSON.writeValueAsString(provenance()) + "\n");
        return List.of(comparison, beside, provenance);
    }

    private Map<String, Object> provenance() {
        Map<String, Object> provenance = new LinkedHashMap<>();
        provenance.put("environment", environment);
        Map<String, Object> measured = new LinkedHashMap<>();
        measured.put("rows", settings.rows());
        measured.put("imageBatches", settings.imageBatches());
        measured.put("stepsBefore", settings.stepsBefore());
        measured.put("stepsTimed", settings.stepsTimed());
        measured.put("epochsBefore", settings.epochsBefore());
        measured.put("leastRounds", settings.leastRounds());
        measured.put("mostRounds", settings.mostRounds());
        measured.put("budgetSeconds", settings.budget().toSeconds());
        provenance.put("settings", measured);
        return provenance;
    }

    private static void writeCsv(Path file, List<String> columns, List<List<String>> lines)
            throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                CSVPrinter printer =
                        CSVFormat.RFC4180.builder().setRecordSeparator('\n').get().print(writer)) {
            printer.printRecord(columns);
            for (List<String> line : lines) {
                printer.printRecord(line);
            }
        }
    }
}
