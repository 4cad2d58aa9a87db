// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * JSON in the one form of RFC 8785: keys sorted, no blanks, numbers as ECMAScript prints them, so
 * that 1000, 1000.0 and 1e3 are one text. Java's own {@code Double.toString} is not that form, and
 * has changed with Java 19.
 */
final class CanonicalJson {

    private static final int DOUBLE_DIGITS = 17;

    /** Below 1e21 ECMAScript writes no exponent. */
    private static final int LARGE = 21;

    /** Nor from 1e-6 on. */
    private static final int SMALL = -6;

    private static final char DELETE = 0x7f;

    /** Whole numbers below this are written as such. */
    private static final double WHOLE = 1e15;

    private CanonicalJson() {}

    static String write(JsonNode node) {
        if (node.isObject()) {
            Map<String, String> members = new TreeMap<>();
            node.properties().forEach(one -> members.put(one.getKey(), write(one.getValue())));
            return object(members);
        }
        if (node.isArray()) {
            StringJoiner elements = new StringJoiner(",", "[", "]");
            node.forEach(element -> elements.add(write(element)));
            return elements.toString();
        }
        if (node.isNumber()) {
            return number(node.doubleValue());
        }
        return node.isTextual() ? quote(node.textValue()) : node.toString();
    }

    /** Writes an object of values that are written already, sorted by their names. */
    static String object(Map<String, String> members) {
        StringJoiner object = new StringJoiner(",", "{", "}");
        members.forEach((name, value) -> object.add(quote(name) + ":" + value));
        return object.toString();
    }

    private static String quote(String text) {
        if (text.chars().allMatch(one -> one >= ' ' && one < DELETE && one != '"' && one != '\\')) {
            return '"' + text + '"';
        }
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("JSON has no number " + value + ".");
        }
        if (value == 0) {
            return "0";
        }
        if (value < 0) {
            return "-" + number(-value);
        }
        if (value < WHOLE && value == Math.rint(value)) {
            return Long.toString((long) value);
        }
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        if (point > SMALL && point <= LARGE) {
            return shortest.toPlainString();
        }
        String mantissa =
                digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return mantissa + "e" + (point > 0 ? "+" : "") + (point - 1);
    }

    /** The fewest digits that are read back as the same number. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < DOUBLE_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(DOUBLE_DIGITS)).stripTrailingZeros();
    }
}
