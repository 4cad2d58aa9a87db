// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Spelling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A value of a YAML file: a scalar, a list or a map. It gives its value as the type that is asked
 * for and as no other: a number in quotes is text, and 2.9 is no whole number. What is wrong is
 * said in one sentence with file, line and column.
 */
final class YamlNode {

    private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]*");

    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    /** What YAML 1.2 takes for a boolean or a number where it is not in quotes. */
    private static final Pattern NO_TEXT =
            Pattern.compile(
                    "true|True|TRUE|false|False|FALSE"
                            + "|[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
                            + "|0o[0-7]+|0x[0-9a-fA-F]+"
                            + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private static final Pattern FLAG = Pattern.compile("true|false");

    /** A whole number of so many letters may be none of Java's. */
    private static final int LONGEST = 10;

    private static final Pattern NOTHING = Pattern.compile("~?|null|Null|NULL");

    private static final int EXCERPT = 40;

    private final Place place;
    private final String scalar;
    private final boolean plain;
    private final List<YamlNode> items;
    private final Map<String, Entry> entries;
    private final int size;

    /**
     * Where something stands in a file.
     *
     * @param origin the file
     * @param line the line, from 1
     * @param column the column, from 1
     */
    record Place(String origin, int line, int column) {

        static Place start(String origin) {
            return new Place(origin, 1, 1);
        }

        /** Makes an exception of a reason that ends without a full stop. */
        IOException fault(String reason) {
            String sentence = reason.replaceAll("[\\s\\p{Cntrl}]+", " ").trim();
            return new IOException(
                    origin
                            + ":"
                            + line
                            + ":"
                            + column
                            + ": "
                            + sentence
                            + (sentence.endsWith(".") || sentence.endsWith("?") ? "" : "."));
        }
    }

    /**
     * A part of a map.
     *
     * @param place where the key stands
     * @param value the value
     */
    record Entry(Place place, YamlNode value) {}

    private YamlNode(
            Place place,
            String scalar,
            boolean plain,
            List<YamlNode> items,
            Map<String, Entry> entries,
            int size) {
        this.place = place;
        this.scalar = scalar;
        this.plain = plain;
        this.items = items;
        this.entries = entries;
        this.size = size;
    }

    static YamlNode scalar(Place place, String text, boolean plain) {
        return new YamlNode(place, text, plain, null, null, 1);
    }

    static YamlNode list(Place place, List<YamlNode> items) {
        int size = items.stream().mapToInt(YamlNode::size).sum();
        return new YamlNode(place, null, false, items, null, 1 + size);
    }

    static YamlNode map(Place place, Map<String, Entry> entries) {
        int size = entries.values().stream().mapToInt(entry -> 1 + entry.value().size()).sum();
        return new YamlNode(place, null, false, null, entries, 1 + size);
    }

    /** Returns how many nodes there are, aliases unfolded. */
    int size() {
        return size;
    }

    boolean isScalar() {
        return scalar != null;
    }

    /** Returns whether this is a scalar that says this word. */
    boolean is(String word) {
        return word.equals(scalar);
    }

    /** Makes an exception that says where this stands. */
    IOException fault(String reason) {
        return place.fault(reason);
    }

    /**
     * Makes something of this; what is thrown then says where this stands.
     *
     * @throws IOException in place of an IllegalArgumentException
     */
    <T> T locating(Supplier<T> maker) throws IOException {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            IOException fault = fault(e.getMessage());
            fault.initCause(e);
            throw fault;
        }
    }

    /**
     * Returns a text.
     *
     * @param what what it is, for messages
     */
    String text(String what) throws IOException {
        if (scalar == null || scalar.isBlank() || (plain && NOTHING.matcher(scalar).matches())) {
            throw mustBe(what, "text");
        }
        if (plain && NO_TEXT.matcher(scalar).matches()) {
            throw fault(what + " must be text, found " + found() + "; put it in quotes");
        }
        return scalar;
    }

    /**
     * Returns a whole number.
     *
     * @param what what it is, for messages
     * @param least the least that it may be
     */
    int whole(String what, int least) throws IOException {
        if (!plain || scalar == null || !WHOLE.matcher(scalar).matches()) {
            throw mustBe(what, "a whole number, without leading zeros");
        }
        try {
            int number = Integer.parseInt(scalar);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw mustBe(what, "a whole number of " + least + " to " + Integer.MAX_VALUE);
        }
        throw mustBe(what, least + " or more");
    }

    /**
     * Returns a number, which is finite.
     *
     * @param what what it is, for messages
     */
    double number(String what) throws IOException {
        if (!isNumber()) {
            throw mustBe(what, "a number such as 0.001 or 1e-3");
        }
        double number = Double.parseDouble(scalar);
        if (Double.isInfinite(number)) {
            throw mustBe(what, "a finite number");
        }
        return number;
    }

    boolean isNumber() {
        return plain && scalar != null && NUMBER.matcher(scalar).matches();
    }

    /**
     * Returns a value of whatever type: a number, a truth value, a text, a list or a map.
     *
     * @param what what it is, for messages
     */
    Object value(String what) throws IOException {
        if (items != null) {
            List<Object> values = new ArrayList<>();
            for (YamlNode item : items) {
                values.add(item.value(what));
            }
            return values;
        }
        if (entries != null) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (Map.Entry<String, Entry> entry : entries.entrySet()) {
                values.put(entry.getKey(), entry.getValue().value().value(what));
            }
            return values;
        }
        if (plain && FLAG.matcher(scalar).matches()) {
            return Boolean.valueOf(scalar);
        }
        if (plain && NO_TEXT.matcher(scalar).matches()) {
            return WHOLE.matcher(scalar).matches() && scalar.length() < LONGEST
                    ? (Object) Integer.valueOf(scalar)
                    : (Object) number(what);
        }
        return text(what);
    }

    /** Returns whether this is a map that has a key. */
    boolean has(String key) {
        return entries != null && entries.containsKey(key);
    }

    /**
     * Returns a map of whatever keys.
     *
     * @param what what it is, for messages
     */
    Map<String, Entry> entries(String what) throws IOException {
        if (entries == null) {
            throw mustBe(what, "a map");
        }
        return entries;
    }

    /**
     * Returns a list, which is not empty.
     *
     * @param what what it is, for messages
     */
    List<YamlNode> list(String what) throws IOException {
        if (items == null) {
            throw mustBe(what, "a list");
        }
        if (items.isEmpty()) {
            throw fault(what + " must not be empty");
        }
        return items;
    }

    /**
     * Returns a map.
     *
     * @param what what it is, for messages
     * @param keys the keys that it may have
     */
    Keys map(String what, String... keys) throws IOException {
        if (entries == null) {
            throw mustBe(what, "a map of the keys " + String.join(", ", keys));
        }
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (!List.of(keys).contains(key)) {
                throw entry.getValue()
                        .place()
                        .fault(
                                "\""
                                        + excerpt(key)
                                        + "\" is no key of "
                                        + what
                                        + ", which may have "
                                        + String.join(", ", keys)
                                        + Spelling.hint(key, List.of(keys)));
            }
        }
        return new Keys(what);
    }

    /** The entries of a map whose keys were checked. */
    final class Keys {

        private final String what;

        private Keys(String what) {
            this.what = what;
        }

        Optional<YamlNode> find(String key) {
            return Optional.ofNullable(entries.get(key)).map(Entry::value);
        }

        YamlNode require(String key) throws IOException {
            Optional<YamlNode> value = find(key);
            if (value.isEmpty()) {
                throw fault(what + " has no \"" + key + "\"");
            }
            return value.get();
        }
    }

    /** Makes an exception of what this must be, and what it is. */
    IOException mustBe(String what, String kind) {
        return fault(what + " must be " + kind + ", found " + found());
    }

    private String found() {
        if (items != null) {
            return "a list";
        }
        if (entries != null) {
            return entries.keySet().stream()
                    .limit(2)
                    .map(key -> "\"" + excerpt(key) + "\"")
                    .collect(Collectors.joining(", ", "a map with ", ""));
        }
        if (plain && NOTHING.matcher(scalar).matches()) {
            return "nothing";
        }
        return plain && NO_TEXT.matcher(scalar).matches() ? scalar : "\"" + excerpt(scalar) + "\"";
    }

    private static String excerpt(String text) {
        return text.length() > EXCERPT ? text.substring(0, EXCERPT) + "..." : text;
    }
}
