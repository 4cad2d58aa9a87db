package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.statistics.Sample;
import java.util.Locale;

/** Numbers as the page prints them. What is not a number is a dash. */
final class Numbers {

    private static final String NO_VALUE = "–";
    private static final double LEAST_P = 0.0001;

    private Numbers() {}

    static String decimals(double value, int digits) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%." + digits + "f", value)
                : NO_VALUE;
    }

    /** With the sign, also where it is a plus. */
    static String signed(double value, int digits) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%+." + digits + "f", value).replace('-', '−')
                : NO_VALUE;
    }

    static String interval(double low, double high, int digits) {
        return Double.isFinite(low) && Double.isFinite(high)
                ? signed(low, digits) + " to " + signed(high, digits)
                : NO_VALUE;
    }

    /** The mean, and the standard deviation where there is one. */
    static String meanAndDeviation(Sample sample, int digits) {
        String mean = decimals(sample.mean(), digits);
        return sample.n() < 2 ? mean : mean + " ± " + decimals(sample.standardDeviation(), digits);
    }

    static String p(double p) {
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
