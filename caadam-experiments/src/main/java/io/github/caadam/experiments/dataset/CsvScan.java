// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table that was read once from its first row to its last: what its columns are like, and for
 * each row the codes of the columns that decide where it goes.
 */
final class CsvScan {

    /** Different texts of a column that are kept, whatever a study allows. */
    static final int MOST_DISTINCT = 1_000;

    /** Rows that a table may have. */
    static final int MOST_ROWS = 1 << 30;

    /** A file of a table and how many of its rows count. */
    record Part(Path file, int rows) {}

    private final CsvFormat format;
    private final List<String> names;
    private final List<ColumnProfile> columns = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Set<String> missingValues;
    private final int mostRows;
    private int[] target = new int[1 << 10];
    private int[] split = new int[1 << 10];
    private int rows;

    /**
     * Starts with the header of a table.
     *
     * @param file the table
     * @param format how it is written
     * @param missingValues the texts that mean that there is no value
     * @param mostRows how many rows count
     */
    CsvScan(Path file, CsvFormat format, Set<String> missingValues, int mostRows)
            throws IOException {
        this.format = format;
        this.missingValues = Set.copyOf(missingValues);
        this.mostRows = mostRows;
        try (CsvRows all = new CsvRows(file, format)) {
            if (!all.next()) {
                throw new IOException(file + " has no rows.");
            }
            names = names(file, all, format);
        }
        for (String name : names) {
            columns.add(new ColumnProfile(name, format.decimal(), MOST_DISTINCT));
        }
    }

    private static List<String> names(Path file, CsvRows first, CsvFormat format)
            throws IOException {
        Map<String, Integer> names = new HashMap<>();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            String number = String.valueOf(i + 1);
            String name = format.header() && !first.get(i).isEmpty() ? first.get(i) : number;
            Integer other = names.putIfAbsent(name, i + 1);
            if (other != null) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "%s:%d: columns %d and %d are both named \"%s\". Rename one, or say"
                                        + " header: false if the first line has values already.",
                                file.getFileName(),
                                first.line(),
                                other,
                                i + 1,
                                name));
            }
            all.add(name);
        }
        return List.copyOf(all);
    }

    /**
     * Finds a column.
     *
     * @param reference its name, or its number from 1 where no name is the same
     * @param option the option that asks, for the message
     * @return its index, from 0
     * @throws IOException if there is none
     */
    int column(Path file, String reference, String option) throws IOException {
        int named = names.indexOf(reference);
        if (named >= 0) {
            return named;
        }
        if (reference.matches("[1-9]\\d{0,8}") && Integer.parseInt(reference) <= names.size()) {
            return Integer.parseInt(reference) - 1;
        }
        String known =
                names.stream().limit(30).collect(Collectors.joining(", "))
                        + (names.size() > 30 ? ", and " + (names.size() - 30) + " more" : "");
        throw new IOException(
                file
                        + " has no column \""
                        + reference
                        + "\", which \""
                        + option
                        + "\" names; there are "
                        + known
                        + (format.header() ? "." : " (header: false)."));
    }

    /**
     * Reads a file of the table from its first row to its last.
     *
     * @param file the file; of the first one's columns all must be there
     * @param targetColumn the column whose codes are kept as the target's
     * @param splitColumn the column whose codes are kept as the split's; -1 for none
     * @throws IOException if the file cannot be read, or a row is not as long as the first
     */
    void read(Path file, int targetColumn, int splitColumn) throws IOException {
        int before = rows;
        int limit = parts.isEmpty() ? mostRows : MOST_ROWS;
        try (Cursor all = new Cursor(file)) {
            while (rows - before < limit && all.next()) {
                if (rows == MOST_ROWS) {
                    throw new IOException(
                            String.format(
                                    Locale.ROOT,
                                    "%s has more than %,d rows. Read the first of them only, such"
                                            + " as rows: 1000000.",
                                    file,
                                    MOST_ROWS));
                }
                for (int c = 0; c < columns.size(); c++) {
                    String value = all.get(c);
                    if (missingValues.contains(value)) {
                        columns.get(c).addMissing(all, rows);
                    } else {
                        columns.get(c).add(value, all);
                    }
                }
                target = with(target, rows, columns.get(targetColumn).lastCode());
                if (splitColumn >= 0) {
                    split = with(split, rows, columns.get(splitColumn).lastCode());
                }
                rows++;
            }
        }
        if (rows == before) {
            throw new IOException(
                    file
                            + (format.header()
                                    ? " has no rows below its header. Say header: false if the"
                                            + " first line has values already."
                                    : " has no rows."));
        }
        parts.add(new Part(file, rows - before));
    }

    /** The rows of a file of the table, with the columns in the order of its first file. */
    final class Cursor implements Closeable {

        private final Path file;
        private final CsvRows all;
        private final int[] order = new int[names.size()];
        private int width = names.size();

        /** Goes before the first row below the header. */
        Cursor(Path file) throws IOException {
            this.file = file;
            all = new CsvRows(file, format);
            Arrays.setAll(order, i -> i);
            try {
                if (format.header()) {
                    readHeader();
                }
            } catch (IOException e) {
                all.close();
                throw e;
            }
        }

        private void readHeader() throws IOException {
            if (!all.next()) {
                throw new IOException(file + " has no header.");
            }
            width = all.size();
            List<String> here = names(file, all, format);
            for (int c = 0; c < order.length; c++) {
                order[c] = here.indexOf(names.get(c));
                if (order[c] < 0) {
                    throw new IOException(
                            file + " has no column \"" + names.get(c) + "\", as the table has.");
                }
            }
        }

        /** Goes to the next row, which must be as long as the others. */
        boolean next() throws IOException {
            if (!all.next()) {
                return false;
            }
            if (all.size() != width) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "%s:%d: the row has %d values, but there are %d columns. The"
                                        + " separator is taken for a %s; a value that has one in it"
                                        + " needs quotes.",
                                file.getFileName(),
                                all.line(),
                                all.size(),
                                width,
                                CsvFormat.separatorWord(format.separator())));
            }
            return true;
        }

        String get(int column) throws IOException {
            return all.get(order[column]);
        }

        /** Returns file and line of the row. */
        String place() {
            return file.getFileName() + ":" + all.line();
        }

        @Override
        public void close() throws IOException {
            all.close();
        }
    }

    private static int[] with(int[] codes, int row, int code) {
        int[] all = row < codes.length ? codes : Arrays.copyOf(codes, codes.length * 2);
        all[row] = code;
        return all;
    }

    boolean isMissing(String value) {
        return missingValues.contains(value);
    }

    CsvFormat format() {
        return format;
    }

    List<ColumnProfile> columns() {
        return columns;
    }

    List<Part> parts() {
        return parts;
    }

    int rows() {
        return rows;
    }

    /** The code of a row's target among the column's different texts; -1 if missing or too many. */
    int targetCode(int row) {
        return target[row];
    }

    /** The code of a row's word in the split column; -1 if missing. */
    int splitCode(int row) {
        return split[row];
    }
}
