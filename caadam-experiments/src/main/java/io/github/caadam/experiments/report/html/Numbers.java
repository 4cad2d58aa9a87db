// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.statistics.Sample;
import java.util.Locale;

/** Numbers as the page prints them. What is not a number is a dash. */
public final class Numbers {

    private static final String NO_VALUE = "–";
    private static final double LEAST_P = 0.0001;

    private Numbers() {}

    /**
     * Prints a number.
     *
     * @param value the number
     * @param digits how many decimals
     * @return the number
     */
    public static String decimals(double value, int digits) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%." + digits + "f", value)
                : NO_VALUE;
    }

    /**
     * Prints a number with its sign, also where that is a plus; without one where all printed
     * digits are 0.
     *
     * @param value the number
     * @param digits how many decimals
     * @return the number
     */
    public static String signed(double value, int digits) {
        String text = typographic(value, digits);
        return value > 0 && hasDigits(text) ? "+" + text : text;
    }

    /**
     * Prints an interval.
     *
     * @param low its lower end
     * @param high its upper end
     * @param digits how many decimals
     * @return such as {@code 0.10 to 0.14}
     */
    public static String interval(double low, double high, int digits) {
        return Double.isFinite(low) && Double.isFinite(high)
                ? typographic(low, digits) + " to " + typographic(high, digits)
                : NO_VALUE;
    }

    private static String typographic(double value, int digits) {
        String text = decimals(value, digits);
        return text.startsWith("-") ? (hasDigits(text) ? "−" : "") + text.substring(1) : text;
    }

    private static boolean hasDigits(String text) {
        return text.chars().anyMatch(c -> c >= '1' && c <= '9');
    }

    /**
     * Prints a number that somebody chose, such as a margin.
     *
     * @param value the number
     * @return the shortest text of it
     */
    public static String shortest(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e6
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.valueOf(value);
    }

    /**
     * Says how many decimals show a number.
     *
     * @param value the number
     * @param significant how many digits are to be seen
     * @return the decimals, from 0 to 9
     */
    static int digits(double value, int significant) {
        if (value == 0 || !Double.isFinite(value)) {
            return significant;
        }
        int magnitude = (int) Math.floor(Math.log10(Math.abs(value)));
        return Math.max(0, Math.min(9, significant - 1 - magnitude));
    }

    /** The mean, and the standard deviation where there is one. */
    static String meanAndDeviation(Sample sample, int digits) {
        String mean = decimals(sample.mean(), digits);
        return sample.n() < 2 ? mean : mean + " ± " + decimals(sample.standardDeviation(), digits);
    }

    /**
     * Prints a p-value.
     *
     * @param p the p-value
     * @return such as {@code 0.0123}
     */
    public static String p(double p) {
        if (Double.isNaN(p)) {
            return NO_VALUE;
        }
        return p < LEAST_P ? "<\u00a00.0001" : decimals(p, p < 0.1 ? 4 : 2);
    }

    /** As a part of a sentence. */
    static String pEquals(double p) {
        return p < LEAST_P ? "p\u00a0" + p(p) : "p\u00a0=\u00a0" + p(p);
    }
}
