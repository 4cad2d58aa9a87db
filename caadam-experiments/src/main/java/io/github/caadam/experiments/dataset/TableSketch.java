// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A first study's options for a table, made of what the table is found to be, each with the reason.
 * The rows to test on are a fifth, columns that count the rows and columns that are no features are
 * ignored, and missing numbers get the median.
 */
public final class TableSketch {

    /** Different whole numbers up to which a target is taken for classes. */
    private static final int MOST_CLASSES = 10;

    private static final int MOST_COLUMNS_SAID = 200;

    /**
     * An option and why it is so.
     *
     * @param value the value, as a study gives it
     * @param reason one line; may be empty
     */
    private record Said(Object value, String reason) {}

    private final Path file;
    private final CsvScan scan;
    private final int target;
    private final Map<String, Said> said = new LinkedHashMap<>();
    private final Task task;

    private TableSketch(Path file, Optional<String> targetColumn) throws IOException {
        this.file = file;
        CsvFormat format = CsvSniffer.find(file, CsvSniffer.Given.NOTHING);
        List<String> missing = CsvSource.MISSING_VALUES.defaultValue().orElseThrow();
        scan = new CsvScan(file, format, new HashSet<>(missing), CsvScan.MOST_ROWS);
        int last = scan.columns().size() - 1;
        target =
                targetColumn.isEmpty()
                        ? last
                        : scan.column(file, targetColumn.get(), CsvSource.TARGET.name());
        scan.read(file, target, -1);
        ColumnProfile profile = scan.columns().get(target);
        say(CsvSource.FILE.name(), String.valueOf(file.getFileName()), format());
        say(
                CsvSource.TARGET.name(),
                profile.name(),
                targetColumn.isEmpty() ? "the last column; --target names another" : "");
        task = task(profile);
        say("test", 0.2, String.format(Locale.ROOT, "a fifth of the %,d rows", scan.rows()));
        say("split-seed", 1, "which rows");
        say(
                "standardise",
                task == Task.REGRESSION ? "all" : "features",
                "numbers by the training rows; metrics are in the target's own unit");
        sayIgnored();
        sayMissing(profile);
    }

    /**
     * Reads a table and sketches its options.
     *
     * @param file the table
     * @param target the column to predict, by name or number; the last if empty
     * @return the sketch
     * @throws IOException if it is no table, or a study could not use it; the message says what to
     *     do
     */
    public static TableSketch of(Path file, Optional<String> target) throws IOException {
        return new TableSketch(file, target);
    }

    private void say(String option, Object value, String reason) {
        said.put(option, new Said(value, reason));
    }

    private String format() {
        CsvFormat format = scan.format();
        return "separator: "
                + CsvFormat.separatorWord(format.separator())
                + ", decimal: "
                + (format.decimal() == '.' ? "point" : "comma")
                + ", encoding: "
                + format.encoding()
                + ", header: "
                + format.header()
                + ", as found";
    }

    private Task task(ColumnProfile profile) {
        boolean numbers = profile.kind(CsvScan.MOST_DISTINCT) == ColumnProfile.Kind.NUMBER;
        boolean few = profile.hasAtMost(CsvScan.MOST_DISTINCT);
        int different = numbers && few ? profile.differentNumbers() : profile.distinct().size();
        boolean classes = !numbers || (profile.isWhole() && few && different <= MOST_CLASSES);
        String many = few ? String.valueOf(different) : "more than " + CsvScan.MOST_DISTINCT;
        say(
                "task",
                classes ? "classification" : "regression",
                "the target has "
                        + many
                        + " different "
                        + (numbers ? profile.isWhole() ? "whole numbers" : "numbers" : "texts")
                        + (numbers && profile.isWhole() && few ? "; change this if need be" : ""));
        return classes ? Task.CLASSIFICATION : Task.REGRESSION;
    }

    private List<ColumnProfile> features() {
        List<ColumnProfile> all = new ArrayList<>(scan.columns());
        all.remove(target);
        return all;
    }

    private static Optional<String> whyNot(ColumnProfile column) {
        int limit = CsvSource.CATEGORY_LIMIT.defaultValue().orElseThrow();
        if (column.isConsecutive()) {
            return Optional.of("counts the rows");
        }
        return switch (column.kind(limit)) {
            case NUMBER, CATEGORY -> Optional.empty();
            case DATE -> Optional.of("has dates");
            case TEXT -> Optional.of("has more than " + limit + " different texts");
            case EMPTY -> Optional.of("has no value");
        };
    }

    private void sayIgnored() {
        List<ColumnProfile> ignored =
                features().stream().filter(column -> whyNot(column).isPresent()).toList();
        if (!ignored.isEmpty()) {
            say(
                    "ignore",
                    ignored.stream().map(ColumnProfile::name).toList(),
                    ignored.stream()
                            .map(column -> column.name() + " " + whyNot(column).orElseThrow())
                            .collect(Collectors.joining("; ")));
        }
    }

    private void sayMissing(ColumnProfile profile) {
        List<String> lacking =
                features().stream()
                        .filter(column -> whyNot(column).isEmpty() && column.missing() > 0)
                        .map(column -> column.name() + " lacks " + column.missing())
                        .toList();
        boolean targets = profile.missing() > 0;
        if (targets) {
            say(
                    "missing",
                    "drop",
                    "the target lacks " + profile.missing() + ": such rows are left out");
        } else if (!lacking.isEmpty()) {
            say(
                    "missing",
                    "median",
                    String.join(", ", lacking) + "; or mean, or drop to leave such rows out");
        }
    }

    /**
     * Returns what is predicted.
     *
     * @return the task
     */
    public Task task() {
        return task;
    }

    /**
     * Returns the number of rows.
     *
     * @return the rows of the table
     */
    public int rows() {
        return scan.rows();
    }

    /**
     * Loads the table with these options, as a study would.
     *
     * @param context where the table's file is
     * @return the data
     * @throws IOException if a study could not use the table so
     */
    public DataSplit load(DataContext context) throws IOException {
        CsvSource source = new CsvSource();
        Map<String, Object> given = new LinkedHashMap<>();
        said.forEach((option, one) -> given.put(option, one.value()));
        given.put(CsvSource.FILE.name(), file.toAbsolutePath().toString());
        return source.load(context, source.complete(Options.of(source.options(), given)));
    }

    /**
     * Returns the data of a study, in YAML.
     *
     * @param label how tables name the data
     * @param path the table's file, relative to the study's
     * @return lines, each with its reason as a comment, and one for each column
     */
    public String yaml(String label, String path) {
        List<String> lines = new ArrayList<>();
        lines.add("data:");
        lines.add("  - name: csv");
        lines.add("    label: " + scalar(label));
        lines.add("    options:");
        said.forEach(
                (option, one) -> {
                    boolean isFile = option.equals(CsvSource.FILE.name());
                    String line = "      " + option + ": " + scalar(isFile ? path : one.value());
                    lines.add(
                            one.reason().isEmpty() ? line : line + "  # " + comment(one.reason()));
                });
        lines.add(
                "      # The columns, as found. types: {COLUMN: category} takes numbers for"
                        + " names,");
        lines.add("      # ignore: [COLUMN] leaves one out.");
        scan.columns().stream()
                .limit(MOST_COLUMNS_SAID)
                .forEach(column -> lines.add("      #   " + comment(describe(column))));
        if (scan.columns().size() > MOST_COLUMNS_SAID) {
            lines.add("      #   and " + (scan.columns().size() - MOST_COLUMNS_SAID) + " more");
        }
        return String.join("\n", lines);
    }

    private String describe(ColumnProfile column) {
        int limit = CsvSource.CATEGORY_LIMIT.defaultValue().orElseThrow();
        String kind = Option.word(column.kind(limit));
        String values =
                column.kind(limit) == ColumnProfile.Kind.CATEGORY
                        ? " of " + String.join(", ", column.distinct().keySet())
                        : "";
        String missing = column.missing() > 0 ? ", " + column.missing() + " missing" : "";
        String all = column.name() + ": " + kind + values + missing;
        return all.length() <= 100 ? all : all.substring(0, 99) + "…";
    }

    private static String comment(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    /**
     * Returns a value as YAML writes it.
     *
     * @param value a number, a text or a list of them
     * @return the value, with quotes where it could be taken for something else
     */
    public static String scalar(Object value) {
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(TableSketch::scalar)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        String text = String.valueOf(value);
        boolean plain =
                !(value instanceof String)
                        || (text.matches("[A-Za-z_][A-Za-z0-9_./-]*")
                                && !text.matches("(?i)true|false|null|yes|no|on|off|y|n"));
        if (plain) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') {
                quoted.append('\\').append(letter);
            } else if (letter < ' ' || letter == 0x7f) {
                quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) letter));
            } else {
                quoted.append(letter);
            }
        }
        return quoted.append('"').toString();
    }
}
