// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.knowm.xchart.style.XYStyler;

/** When an axis is logarithmic, and what its ticks are called. */
final class LogScale {

    /**
     * Above this ratio of the largest value to the smallest, a linear axis hides the small ones.
     */
    static final double HELPFUL_RATIO = 10;

    /** What XChart takes for a tick without a label. */
    private static final String NO_LABEL = " ";

    private static final double TOLERANCE = 1e-6;
    private static final double SMALLEST_PLAIN = 1e-4;
    private static final double LARGEST_PLAIN = 1e5;

    private LogScale() {}

    /**
     * Returns whether values are better seen on a logarithmic axis: the largest is more than {@link
     * #HELPFUL_RATIO} times the smallest, and none is zero or negative.
     */
    static boolean helps(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[0] > 0 && sorted[sorted.length - 1] > HELPFUL_RATIO * sorted[0];
    }

    /** Makes the vertical axis of a chart logarithmic. */
    static void onY(XYStyler styler, double lowest, double highest) {
        styler.setYAxisLogarithmic(true)
                .setYAxisLogarithmicDecadeOnly(false)
                .setYAxisTickLabelsFormattingFunction(labels(lowest, highest));
    }

    /** Makes the horizontal axis of a chart logarithmic. */
    static void onX(XYStyler styler, double lowest, double highest) {
        styler.setXAxisLogarithmic(true)
                .setXAxisLogarithmicDecadeOnly(false)
                .setXAxisTickLabelsFormattingFunction(labels(lowest, highest));
    }

    /**
     * Returns labels for the ticks of a logarithmic axis, which XChart sets at 1 to 9 times the
     * powers of ten: all of them where the axis spans less than one decade, 1, 2 and 5 up to three,
     * then powers of ten only.
     *
     * @param lowest the lowest value, above 0
     * @param highest the highest value
     */
    static Function<Double, String> labels(double lowest, double highest) {
        double decades = Math.log10(highest / lowest);
        return value -> isLabelled(digit(value), decades) ? number(value) : NO_LABEL;
    }

    private static boolean isLabelled(double digit, double decades) {
        return decades < 1
                || isClose(digit, 1)
                || (decades <= 3 && (isClose(digit, 2) || isClose(digit, 5)));
    }

    /** The number in front of the power of ten. */
    private static double digit(double value) {
        return value / Math.pow(10, Math.floor(Math.log10(value) + TOLERANCE));
    }

    private static boolean isClose(double value, double expected) {
        return Math.abs(value - expected) < TOLERANCE * expected;
    }

    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
        if (value >= SMALLEST_PLAIN * (1 - TOLERANCE) && value < LARGEST_PLAIN) {
            return rounded.toPlainString();
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString()
                + "e"
                + exponent;
    }
}
