// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

/**
 * Numbers as tables write them: a sign, digits, a decimal mark, an exponent. No thousands
 * separators, no hexadecimal digits, no words.
 */
final class NumberText {

    private NumberText() {}

    /** Returns whether a text is a number. */
    static boolean isNumber(String text, char decimal) {
        int length = text.length();
        int i = afterSign(text, 0);
        int start = i;
        i = afterDigits(text, i);
        int digits = i - start;
        if (i < length && text.charAt(i) == decimal) {
            start = i + 1;
            i = afterDigits(text, start);
            digits += i - start;
        }
        if (digits == 0) {
            return false;
        }
        if (i < length && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
            start = afterSign(text, i + 1);
            i = afterDigits(text, start);
            if (i == start) {
                return false;
            }
        }
        return i == length;
    }

    private static int afterSign(String text, int from) {
        boolean sign =
                from < text.length() && (text.charAt(from) == '-' || text.charAt(from) == '+');
        return sign ? from + 1 : from;
    }

    private static int afterDigits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    /** Reads a text that {@link #isNumber}; infinite if it is too large for double precision. */
    static double parse(String text, char decimal) {
        return Double.parseDouble(decimal == '.' ? text : text.replace(decimal, '.'));
    }
}
