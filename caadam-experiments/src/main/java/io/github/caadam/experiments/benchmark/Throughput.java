// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Measures how many samples a second a machine trains when it trains many networks at once, by
 * turns of the settings that might be faster, and says which was.
 */
public final class Throughput {

    /** What the command line says of it. */
    public static final String DESCRIPTION =
            "With --throughput: how many samples a second are trained by many processes at once,"
                    + " with channels first, cuDNN's benchmark mode, explicit gradients, several"
                    + " networks in a process, norms fused with ReLU, and 1 to 16 processes; what"
                    + " was faster is kept for what follows.";

    /** The file with a line for each setting. */
    public static final String TABLE = "throughput.csv";

    /** The file of the best setting: shell variables for {@code scripts/caadam}. */
    public static final String BEST = "throughput.env";

    private static final List<String> COLUMNS =
            List.of(
                    "question",
                    "programs",
                    "cudnn_benchmark",
                    "processes",
                    "networks",
                    "samples_per_second",
                    "remark");

    private final ThroughputSearch search;
    private final PrintWriter out;
    private final Path directory;

    /**
     * Prepares the measurements.
     *
     * @param server the main class and the arguments of a process that is a {@link
     *     ThroughputServer}, but for the number of its networks, which comes last
     * @param processes how many processes are compared before their number is asked for
     * @param seconds how long each measurement takes
     * @param budget how long all may take
     * @param out where lines go, each as soon as it is measured
     * @param directory where the files go, after each measurement; created if missing
     * @throws IOException if it cannot be created
     */
    public Throughput(
            List<String> server,
            int processes,
            double seconds,
            Duration budget,
            PrintWriter out,
            Path directory)
            throws IOException {
        this.out = out;
        this.directory = Files.createDirectories(directory);
        search =
                new ThroughputSearch(
                        ThroughputSetting.usual(processes),
                        new ThroughputMeter(server, seconds, directory),
                        System::nanoTime,
                        budget,
                        this::tell);
    }

    /**
     * Measures.
     *
     * @return whether anything was measured
     * @throws IOException if a file cannot be written
     * @throws InterruptedException if this thread is interrupted
     */
    public boolean run() throws IOException, InterruptedException {
        out.printf("%-24s %12s  %s%n", "question", "samples/s", "setting");
        out.flush();
        try {
            search.run();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.println("best: " + search.best());
        out.flush();
        return search.rows().stream().anyMatch(row -> !Double.isNaN(row.rate()));
    }

    private void tell(ThroughputSearch.Row row) {
        out.printf(
                Locale.ROOT,
                "%-24s %12s  %s%s%n",
                row.question(),
                Double.isNaN(row.rate()) ? "-" : String.format(Locale.ROOT, "%.0f", row.rate()),
                row.setting(),
                row.remark().isEmpty() ? "" : " (" + row.remark() + ")");
        out.flush();
        try {
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write() throws IOException {
        Path table = directory.resolve(TABLE + ".new");
        try (Writer writer = Files.newBufferedWriter(table, StandardCharsets.UTF_8);
                CSVPrinter printer =
                        CSVFormat.RFC4180.builder().setRecordSeparator('\n').get().print(writer)) {
            printer.printRecord(COLUMNS);
            for (ThroughputSearch.Row row : search.rows()) {
                ThroughputSetting setting = row.setting();
                printer.printRecord(
                        row.question(),
                        String.join(",", setting.programs()),
                        setting.cudnnBenchmark(),
                        setting.processes(),
                        setting.networks(),
                        Double.isNaN(row.rate())
                                ? ""
                                : String.format(Locale.ROOT, "%.1f", row.rate()),
                        row.remark());
            }
        }
        replace(table, TABLE);
        Path best = directory.resolve(BEST + ".new");
        Files.writeString(
                best,
                "WORKERS="
                        + search.best().processes()
                        + "\nBEST_OPTS='"
                        + String.join(" ", search.best().jvmOptions())
                        + "'\n");
        replace(best, BEST);
    }

    private void replace(Path written, String name) throws IOException {
        Files.move(written, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
