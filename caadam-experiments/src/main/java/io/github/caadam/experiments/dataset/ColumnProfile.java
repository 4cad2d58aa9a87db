// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the values of a column are like, learned value by value in bounded memory. */
final class ColumnProfile {

    /** What a column is found to be. */
    enum Kind {
        /** Numbers. */
        NUMBER,
        /** A few different texts. */
        CATEGORY,
        /** Dates. */
        DATE,
        /** Many different texts. */
        TEXT,
        /** No value at all. */
        EMPTY
    }

    private static final Pattern DATE =
            Pattern.compile(
                    "\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}"
                            + "([T ]\\d{1,2}:\\d{2}(:\\d{2}([.,]\\d+)?)?"
                            + "( ?([AaPp][Mm]|Z|[-+]\\d{2}:?\\d{2}))?)?");

    private final String name;
    private final char decimal;
    private final int mostDistinct;
    private final Map<String, Integer> distinct = new LinkedHashMap<>();
    private final BitSet missingRows = new BitSet();
    private long values;
    private long missing;
    private String firstMissing = "";
    private boolean numbers = true;
    private boolean whole = true;
    private boolean consecutive = true;
    private boolean dates = true;
    private String firstTextPlace = "";
    private String firstText = "";
    private double mean;
    private double last;
    private int code;

    /**
     * Starts with no values.
     *
     * @param name the column's name
     * @param decimal the decimal mark of numbers
     * @param mostDistinct how many different texts are kept
     */
    ColumnProfile(String name, char decimal, int mostDistinct) {
        this.name = name;
        this.decimal = decimal;
        this.mostDistinct = mostDistinct;
    }

    String name() {
        return name;
    }

    void addMissing(CsvScan.Cursor where, int row) {
        if (missing++ == 0) {
            firstMissing = where.place();
        }
        missingRows.set(row);
        code = -1;
    }

    void add(String text, CsvScan.Cursor where) {
        values++;
        boolean number = NumberText.isNumber(text, decimal);
        if (number) {
            double value = NumberText.parse(text, decimal);
            mean += (value - mean) / values;
            whole = whole && value == Math.rint(value);
            consecutive = consecutive && (values == 1 || value == last + 1);
            last = value;
        } else if (numbers) {
            numbers = false;
            firstTextPlace = where.place();
            firstText = text;
        }
        dates = dates && !number && DATE.matcher(text).matches();
        code = -1;
        if (distinct.size() <= mostDistinct) {
            Integer next = distinct.size();
            Integer known = distinct.putIfAbsent(text, next);
            code = known == null ? next : known;
        }
    }

    /** Returns the number of the last value among the different ones; -1 for a missing one. */
    int lastCode() {
        return code;
    }

    Kind kind(int categoryLimit) {
        if (values == 0) {
            return Kind.EMPTY;
        }
        if (numbers) {
            return Kind.NUMBER;
        }
        if (dates) {
            return Kind.DATE;
        }
        return hasAtMost(categoryLimit) ? Kind.CATEGORY : Kind.TEXT;
    }

    boolean hasAtMost(int different) {
        return distinct.size() <= Math.min(different, mostDistinct);
    }

    /** Returns the different texts, by when they came; more than the limit are not complete. */
    Map<String, Integer> distinct() {
        return distinct;
    }

    /** Returns how many different numbers there are, if not too many were counted. */
    int differentNumbers() {
        return (int)
                distinct.keySet().stream()
                        .mapToDouble(text -> NumberText.parse(text, decimal))
                        .distinct()
                        .count();
    }

    boolean isWhole() {
        return numbers && whole;
    }

    /** Returns whether each value is the one before and 1: a count of the rows. */
    boolean isConsecutive() {
        return numbers && consecutive && values > 1 && missing == 0;
    }

    long missing() {
        return missing;
    }

    /** Returns file and line of the first missing value. */
    String firstMissing() {
        return firstMissing;
    }

    BitSet missingRows() {
        return missingRows;
    }

    /** Returns file and line of the first value that is no number. */
    Optional<String> firstTextPlace() {
        return numbers ? Optional.empty() : Optional.of(firstTextPlace);
    }

    String firstText() {
        return firstText;
    }

    double mean() {
        return Double.isFinite(mean) ? mean : 0;
    }
}
