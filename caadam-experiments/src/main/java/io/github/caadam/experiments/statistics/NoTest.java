// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.Optional;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.util.MathArrays;

/**
 * Why two samples are not tested against each other.
 *
 * @since 0.1.0
 */
public enum NoTest {
    /** A side has fewer than two values. */
    TOO_FEW("fewer than two runs on a side"),
    /** The values differ by no more than rounding. */
    NO_VARIATION("no differences but those of rounding"),
    /** A value is infinite. */
    NOT_FINITE("a value is infinite"),
    /** Fewer than two problems, or draws of initial weights, have a test. */
    TOO_FEW_PROBLEMS("fewer than two problems or draws of weights with a test"),
    /** The sides were made on unlike machines, devices or engines, so that times say nothing. */
    UNLIKE_PLACES("the sides were made in unlike places");

    /**
     * What counts as rounding, against the largest value: two units in the last place of single
     * precision, in which networks are trained and much of what is read here was computed.
     */
    private static final double ROUNDING = 0x1p-22;

    private final String reason;

    NoTest(String reason) {
        this.reason = reason;
    }

    /**
     * Returns the reason in words.
     *
     * @return such as {@code fewer than two runs on a side}
     */
    public String reason() {
        return reason;
    }

    /** Returns why there is no test of two independent samples, if there is none. */
    static Optional<NoTest> of(Sample one, Sample other) {
        if (one.n() < 2 || other.n() < 2) {
            return Optional.of(TOO_FEW);
        }
        double magnitude = Math.max(one.magnitude(), other.magnitude());
        if (Double.isInfinite(magnitude)) {
            return Optional.of(NOT_FINITE);
        }
        return isRounding(magnitude, one.values()) && isRounding(magnitude, other.values())
                ? Optional.of(NO_VARIATION)
                : Optional.empty();
    }

    /** Returns why there is no test of pairs, if there is none. */
    static Optional<NoTest> ofPairs(Sample one, Sample other) {
        if (one.n() < 2) {
            return Optional.of(TOO_FEW);
        }
        double magnitude = Math.max(one.magnitude(), other.magnitude());
        if (Double.isInfinite(magnitude)) {
            return Optional.of(NOT_FINITE);
        }
        double[] differences = MathArrays.ebeSubtract(one.values(), other.values());
        return isRounding(magnitude, differences) ? Optional.of(NO_VARIATION) : Optional.empty();
    }

    /** Whether values that come of numbers of a magnitude spread by no more than rounding. */
    static boolean isRounding(double magnitude, double... values) {
        double most = DoubleStream.of(values).max().orElseThrow();
        double least = DoubleStream.of(values).min().orElseThrow();
        return most - least <= ROUNDING * magnitude;
    }
}
