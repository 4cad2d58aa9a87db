// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes TorchScript source line by line, with names that are used once. */
final class SourceWriter {

    /** How source says the type int64. */
    static final int INT64 = 4;

    /** How source says the type float64. */
    static final int FLOAT64 = 7;

    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();
    private int depth;
    private int names;

    /** Writes a line, and what follows deeper until {@link #end}. */
    void begin(String header) {
        line(header);
        depth++;
    }

    /** Ends what {@link #begin} began. */
    void end() {
        depth--;
    }

    /** Writes a line. */
    void line(String line) {
        text.append(INDENT.repeat(depth)).append(line).append('\n');
    }

    /** Returns a writer of what will stand one level deeper, to be {@link #append appended}. */
    SourceWriter deeper() {
        SourceWriter deeper = new SourceWriter();
        deeper.depth = depth + 1;
        return deeper;
    }

    /** Writes what another writer has. */
    void append(SourceWriter other) {
        text.append(other.text);
    }

    /** Writes an assignment to a new name, which starts with a prefix, and returns the name. */
    String let(String prefix, String expression) {
        String name = name(prefix);
        line(name + " = " + expression);
        return name;
    }

    /** Returns a new name, which starts with a prefix. */
    String name(String prefix) {
        names++;
        return prefix + "_" + names;
    }

    /** Returns a call. */
    static String call(String function, Object... arguments) {
        return Stream.of(arguments)
                .map(SourceWriter::literal)
                .collect(Collectors.joining(", ", function + "(", ")"));
    }

    /** Returns a list of expressions. */
    static String list(List<?> elements) {
        return elements.stream()
                .map(SourceWriter::literal)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Returns a keyword argument. */
    static String keyword(String name, Object value) {
        return name + "=" + literal(value);
    }

    /** Returns a number, a truth value, or an expression as it is. */
    static String literal(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Double number && !Double.isFinite(number)) {
            throw new IllegalArgumentException("A program takes finite numbers, found " + number);
        }
        return String.valueOf(value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
