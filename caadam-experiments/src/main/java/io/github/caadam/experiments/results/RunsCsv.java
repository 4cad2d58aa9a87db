// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;

/** Reads and writes {@code runs.csv}. */
public final class RunsCsv {

    private static final List<String> REQUIRED =
            List.of(
                    "dataset",
                    "architecture",
                    "optimizer",
                    "strategy",
                    "run",
                    "metric",
                    "value",
                    "secondary",
                    "seconds",
                    "epochs");

    private static final List<String> FURTHER =
            List.of(
                    "learning_rate",
                    "steps_per_second",
                    "validation_loss",
                    "factors",
                    "study",
                    "protocol",
                    "reductions",
                    "id",
                    "commit",
                    "status",
                    "alias",
                    "place",
                    "secondary_metric",
                    "unit",
                    "lower_is_better");

    /** What files of elsewhere call a data set, and what it is called here. */
    private static final Map<String, String> DATASETS = formerNames();

    private RunsCsv() {}

    private static Map<String, String> formerNames() {
        Map<String, String> names = new HashMap<>();
        ServiceLoader.load(FormerNames.class).forEach(one -> names.putAll(one.datasets()));
        return Map.copyOf(names);
    }

    /**
     * Reads runs. The file may be of elsewhere, without the further columns and with other names of
     * data sets ({@link FormerNames}).
     *
     * @param file the file, with a header line; columns are found by name
     * @return the runs, whatever became of them, in the order of the file; a line that is there
     *     twice counts once, as does a run that several studies have under one label. Of a run that
     *     was made, lines that say that it is missing or failed, as those of another shard do, do
     *     not count
     * @throws IOException if the file is missing, empty, lacks a column, holds something that is
     *     not a number, or two lines of one run that differ, or is not UTF-8; the message says
     *     which file, line and column
     */
    public static List<RunRow> read(Path file) throws IOException {
        Map<String, Line> made = new HashMap<>();
        Map<Object, RunRow> kept = new LinkedHashMap<>();
        CsvFile.read(
                file,
                "runs",
                REQUIRED,
                record -> {
                    Line line = new Line(file, record);
                    RunRow row = line.toRow();
                    if (row.isMade() && !row.id().isEmpty()) {
                        requireOneResult(row, line, made);
                    }
                    kept.merge(
                            row.id().isEmpty() ? row : row.id() + " " + row.label(),
                            row,
                            RunsCsv::better);
                });
        if (kept.isEmpty()) {
            throw new IOException(file + " holds no runs.");
        }
        return List.copyOf(kept.values());
    }

    /** Of two lines of a run, the one that says more; of two that say as much, the first. */
    private static RunRow better(RunRow first, RunRow second) {
        if (first.isMade() || second.status() == RunStatus.MISSING) {
            return first;
        }
        return second.isMade() || first.status() == RunStatus.MISSING ? second : first;
    }

    /**
     * Compares a line with the earlier ones of its run that have a result, too. They may stand
     * there under several labels and of several studies.
     */
    private static void requireOneResult(RunRow row, Line line, Map<String, Line> made)
            throws IOException {
        Line ofStudy = made.putIfAbsent(row.id() + " " + row.study() + " " + row.label(), line);
        if (ofStudy != null && !ofStudy.toRow().equals(row)) {
            throw ofStudy.differsFrom(line, "the same run");
        }
        Line same = made.putIfAbsent(row.id() + " " + row.label(), line);
        if (same != null && !same.toRow().hasSameResultAs(row)) {
            throw same.differsFrom(line, "the same run of two studies");
        }
        Line other = made.putIfAbsent(row.id(), line);
        if (other != null && !other.toRow().hasSameResultAs(row)) {
            throw other.differsFrom(line, "the same run under two labels");
        }
    }

    /**
     * Writes runs; the file is complete or unchanged.
     *
     * @param file the file
     * @param rows the runs
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, List<RunRow> rows) throws IOException {
        List<String> header = new ArrayList<>(REQUIRED);
        header.addAll(FURTHER);
        CsvFile.write(file, header, rows.stream().map(RunsCsv::cells).toList());
    }

    private static List<Object> cells(RunRow row) {
        return List.of(
                row.dataset(),
                row.architecture(),
                row.optimizer(),
                row.strategy(),
                row.run(),
                row.metric(),
                known(row.value()),
                known(row.secondary()),
                known(row.seconds()),
                row.epochs(),
                known(row.learningRate()),
                known(row.stepsPerSecond()),
                known(row.validationLoss()),
                factors(row.factors()),
                row.study(),
                row.protocol(),
                row.reductions(),
                row.id(),
                row.commit(),
                row.status().label(),
                row.alias(),
                row.place(),
                row.secondaryMetric(),
                row.unit(),
                row.lowerIsBetter());
    }

    /** Factors as {@code path=factor path=factor}. */
    private static String factors(Map<String, Double> factors) {
        return factors.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining(" "));
    }

    /** A number, or an empty cell for one that is not known. */
    private static Object known(double number) {
        return Double.isNaN(number) ? "" : number;
    }

    private record Line(Path file, CSVRecord record) {

        RunRow toRow() throws IOException {
            RunStatus status = status();
            return new RunRow(
                    DATASETS.getOrDefault(text("dataset"), text("dataset")),
                    text("architecture"),
                    text("optimizer"),
                    text("strategy"),
                    whole("run"),
                    text("metric"),
                    status == RunStatus.FINISHED ? number("value") : numberIfKnown("value"),
                    numberIfKnown("secondary"),
                    status == RunStatus.FINISHED ? finite("seconds") : numberIfKnown("seconds"),
                    whole("epochs"),
                    numberIfKnown("learning_rate"),
                    numberIfKnown("steps_per_second"),
                    numberIfKnown("validation_loss"),
                    factors(),
                    text("study"),
                    text("protocol"),
                    text("reductions"),
                    id(),
                    text("commit"),
                    status,
                    text("alias"),
                    text("place"),
                    record.isSet("secondary_metric")
                            ? text("secondary_metric")
                            : ResultMetric.of(text("metric")).secondary(),
                    text("unit"),
                    lowerIsBetter());
        }

        /** A file of before does not say it. */
        private boolean lowerIsBetter() throws IOException {
            return switch (text("lower_is_better")) {
                case "" -> ResultMetric.of(text("metric")).lowerIsBetter();
                case "true" -> true;
                case "false" -> false;
                default ->
                        throw new IOException(
                                file
                                        + ", line "
                                        + number()
                                        + ": lower_is_better must be true or false, found \""
                                        + text("lower_is_better")
                                        + "\".");
            };
        }

        /** That of the file; but where a metric is not finite, the run is no finished one. */
        private RunStatus status() throws IOException {
            RunStatus status =
                    text("status").isEmpty()
                            ? RunStatus.FINISHED
                            : RunStatus.byLabel(text("status"));
            boolean finite =
                    status != RunStatus.FINISHED
                            || (Double.isFinite(number("value"))
                                    && !Double.isInfinite(numberIfKnown("secondary")));
            return finite ? status : RunStatus.INVALID;
        }

        private int whole(String column) throws IOException {
            double number = number(column);
            if (number != Math.rint(number) || number < 0 || number > Integer.MAX_VALUE) {
                throw new IOException(
                        file
                                + ", line "
                                + number()
                                + ": the "
                                + column
                                + " must be a whole number of 0 or more, found \""
                                + text(column)
                                + "\".");
            }
            return (int) number;
        }

        private double finite(String column) throws IOException {
            double number = number(column);
            if (!Double.isFinite(number)) {
                throw new IOException(
                        file + ", line " + number() + ": the " + column + " are not finite.");
            }
            return number;
        }

        private String id() {
            return text("id").isEmpty() ? "" : SafeName.runId(text("id")).text();
        }

        private String result() throws IOException {
            RunRow row = toRow();
            return (row.isFinished() ? row.metric() + " " + row.value() : row.status().label())
                    + " after "
                    + row.epochs()
                    + " epochs in "
                    + row.seconds()
                    + " s";
        }

        IOException differsFrom(Line other, String what) throws IOException {
            return new IOException(
                    file
                            + ", lines "
                            + number()
                            + " and "
                            + other.number()
                            + ": the id "
                            + text("id")
                            + " says that both are "
                            + what
                            + ", but they differ: "
                            + result()
                            + ", and "
                            + other.result()
                            + ". Find out which is right, and take the other out; or merge the"
                            + " directories that they are of with \"caadam collect\".");
        }

        private long number() {
            return CsvFile.number(record);
        }

        private String text(String column) {
            return record.isSet(column) ? CsvText.unguard(record.get(column)) : "";
        }

        private Map<String, Double> factors() throws IOException {
            Map<String, Double> factors = new LinkedHashMap<>();
            for (String one : text("factors").split(" ", -1)) {
                if (one.isEmpty()) {
                    continue;
                }
                int equals = one.lastIndexOf('=');
                factors.put(
                        one.substring(0, Math.max(0, equals)),
                        number("factors", one.substring(equals + 1)));
            }
            return factors;
        }

        private double numberIfKnown(String column) throws IOException {
            return text(column).isEmpty() ? Double.NaN : number(column);
        }

        private double number(String column) throws IOException {
            return number(column, text(column));
        }

        private double number(String column, String text) throws IOException {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new IOException(
                        file
                                + ", line "
                                + number()
                                + ": the "
                                + column
                                + " is not a number: \""
                                + text
                                + "\".",
                        e);
            }
        }
    }
}
