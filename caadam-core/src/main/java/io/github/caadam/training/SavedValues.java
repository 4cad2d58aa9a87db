// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.caadam.internal.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A few values by name with what they are of and the format's version, as the configuration of a
 * {@link StateFile}. Decimals are kept as text, so that NaN and infinities have a form.
 */
final class SavedValues {

    private static final int FORMAT = 1;
    private static final String FORMAT_KEY = "format";
    private static final String KIND_KEY = "kind";

    private final Path file;
    private final Map<String, Object> values;

    private SavedValues(Path file, Map<String, Object> values) {
        this.file = file;
        this.values = values;
    }

    /** Returns the values with their head, as they are to be written. */
    static Map<String, Object> withHead(String kind, Map<String, ?> values) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(FORMAT_KEY, FORMAT);
        all.put(KIND_KEY, kind);
        values.forEach(
                (key, value) ->
                        all.put(key, value instanceof Double d ? Double.toString(d) : value));
        return all;
    }

    /** Writes a file of nothing but values. */
    static void write(Path file, String kind, Map<String, ?> values) throws IOException {
        StateFile.write(file, Map.of(), withHead(kind, values));
    }

    /**
     * Reads a file of nothing but values.
     *
     * @throws IOException if it cannot be read, is of another kind, or of an unknown format
     */
    static SavedValues read(Path file, String kind) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            return of(file, StateFile.read(file, manager, kind).configuration(), kind);
        }
    }

    /** Checks the head of values that were read. */
    static SavedValues of(Path file, Map<String, Object> values, String kind) throws IOException {
        requireFormat(file, values.get(FORMAT_KEY), FORMAT);
        if (!kind.equals(values.get(KIND_KEY))) {
            throw new IOException(file + " is not " + kind + ", but " + values.get(KIND_KEY) + '.');
        }
        return new SavedValues(file, values);
    }

    /** Checks the version of a format. */
    static void requireFormat(Path file, Object found, int known) throws IOException {
        if (!(found instanceof Number number) || number.doubleValue() != known) {
            throw new IOException(
                    file
                            + " has the format "
                            + (found instanceof Number number ? number.intValue() : found)
                            + ", but this version of the library knows format "
                            + known
                            + " only: use the version that wrote it, or start the training anew"
                            + " in another directory.");
        }
    }

    int integer(String key) throws IOException {
        if (values.get(key) instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        throw unreadable(key);
    }

    /** Returns whole numbers by name. */
    Map<String, Integer> integers(String key) throws IOException {
        if (!(values.get(key) instanceof Map<?, ?> map)) {
            throw unreadable(key);
        }
        Map<String, Integer> integers = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getValue() instanceof Number number)) {
                throw unreadable(key);
            }
            integers.put(String.valueOf(entry.getKey()), number.intValue());
        }
        return integers;
    }

    boolean flag(String key) throws IOException {
        if (values.get(key) instanceof Boolean flag) {
            return flag;
        }
        throw unreadable(key);
    }

    double decimal(String key) throws IOException {
        try {
            return Double.parseDouble(text(key));
        } catch (NumberFormatException e) {
            throw new IOException(unreadable(key).getMessage(), e);
        }
    }

    /** Returns a whole number of up to 64 bits, which is kept as text. */
    long wide(String key) throws IOException {
        try {
            return Long.parseLong(text(key));
        } catch (NumberFormatException e) {
            throw new IOException(unreadable(key).getMessage(), e);
        }
    }

    String text(String key) throws IOException {
        if (values.get(key) instanceof String text) {
            return text;
        }
        throw unreadable(key);
    }

    private IOException unreadable(String key) {
        return new IOException(
                file + " was changed: its value " + key + " is " + values.get(key) + '.');
    }

    /** Checks that what is monitored is the same, as values of another thing say nothing. */
    void requireMonitor(Monitor monitor) throws IOException {
        String saved = text("monitor");
        if (!saved.equals(monitor.toString())) {
            throw new IllegalArgumentException(
                    file
                            + " was saved with another monitor: "
                            + saved
                            + " there, "
                            + monitor
                            + " here.");
        }
    }
}
