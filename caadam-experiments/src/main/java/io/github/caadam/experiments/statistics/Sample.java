package io.github.caadam.experiments.statistics;

import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;

/** The values of one metric over the runs of one configuration. */
public final class Sample {

    private final double[] values;

    private Sample(double[] values) {
        this.values = values;
    }

    /**
     * Creates a sample.
     *
     * @param values the values, 1 or more; copied
     * @return the sample
     * @throws IllegalArgumentException if there is no value, or one is NaN or infinite
     */
    public static Sample of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("A sample needs 1 or more values.");
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "A sample has finite values only, found " + Arrays.toString(values) + ".");
            }
        }
        return new Sample(values.clone());
    }

    /**
     * Returns the number of values.
     *
     * @return n
     */
    public int n() {
        return values.length;
    }

    /**
     * Returns the arithmetic mean.
     *
     * @return the mean
     */
    public double mean() {
        return StatUtils.mean(values);
    }

    /**
     * Returns the sample standard deviation, with n − 1 in the denominator.
     *
     * @return the standard deviation, NaN for a single value
     */
    public double standardDeviation() {
        return values.length < 2 ? Double.NaN : Math.sqrt(StatUtils.variance(values));
    }

    double[] values() {
        return values.clone();
    }
}
