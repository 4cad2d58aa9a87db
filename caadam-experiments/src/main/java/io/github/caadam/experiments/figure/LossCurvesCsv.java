// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.results.CsvFile;
import io.github.caadam.experiments.results.CsvText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads and writes {@code loss-curves.csv}: a line per epoch, epochs counted from 1, numbers in
 * full precision. With it beside {@code runs.csv}, figures can be made again without the run files.
 */
public final class LossCurvesCsv {

    /** The name of the file. */
    public static final String NAME = "loss-curves.csv";

    private static final List<String> COLUMNS =
            List.of(
                    "dataset",
                    "architecture",
                    "optimizer",
                    "strategy",
                    "run",
                    "epoch",
                    "loss",
                    "validation_loss");

    private LossCurvesCsv() {}

    /**
     * Writes losses.
     *
     * @param file the file; its directory must exist
     * @param curves the losses of runs
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, List<LossCurve> curves) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (LossCurve curve : curves) {
            for (int i = 0; i < curve.epochs().size(); i++) {
                rows.add(
                        List.of(
                                curve.problem().dataset(),
                                curve.problem().architecture(),
                                curve.configuration().optimizer(),
                                curve.configuration().strategy(),
                                curve.run(),
                                i + 1,
                                curve.epochs().get(i).loss(),
                                curve.epochs().get(i).validationLoss()));
            }
        }
        CsvFile.write(file, COLUMNS, rows);
    }

    /**
     * Reads losses.
     *
     * @param file the file; the epochs of a run are in order, without gaps
     * @return the losses of the runs, in the order of the file
     * @throws IOException if the file is missing, lacks a column, has a training loss that is not a
     *     finite number, or an epoch out of order; the message says which file and line
     */
    public static List<LossCurve> read(Path file) throws IOException {
        Map<RunKey, List<LossCurve.Epoch>> runs = new LinkedHashMap<>();
        CsvFile.read(file, "losses", COLUMNS, line -> add(runs, line));
        List<LossCurve> curves = new ArrayList<>();
        runs.forEach(
                (key, epochs) ->
                        curves.add(
                                new LossCurve(
                                        key.problem(), key.configuration(), key.run(), epochs)));
        return curves;
    }

    private static void add(Map<RunKey, List<LossCurve.Epoch>> runs, CSVRecord line) {
        RunKey key =
                new RunKey(
                        new Problem(text(line, "dataset"), text(line, "architecture")),
                        new Configuration(text(line, "optimizer"), text(line, "strategy")),
                        Integer.parseInt(line.get("run")));
        List<LossCurve.Epoch> epochs = runs.computeIfAbsent(key, unused -> new ArrayList<>());
        int epoch = Integer.parseInt(line.get("epoch"));
        if (epoch != epochs.size() + 1) {
            throw new IllegalArgumentException(
                    "epoch " + (epochs.size() + 1) + " should follow, found " + epoch + ".");
        }
        epochs.add(
                new LossCurve.Epoch(
                        Double.parseDouble(line.get("loss")),
                        Double.parseDouble(line.get("validation_loss"))));
    }

    private static String text(CSVRecord line, String column) {
        return CsvText.unguard(line.get(column));
    }

    private record RunKey(Problem problem, Configuration configuration, int run) {}
}
