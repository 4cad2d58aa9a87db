// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * Friedman's first regression problem, generated: ten features uniform in [0, 1], of which five
 * matter, {@code y = 10 sin(π x₁ x₂) + 20 (x₃ − 0.5)² + 10 x₄ + 5 x₅ + ε} with {@code ε} standard
 * normal (Friedman, <em>Multivariate adaptive regression splines</em>, 1991; Breiman, <em>Bagging
 * predictors</em>, 1996). 1,600 training rows and 400 test rows, the same on every machine,
 * standardised as California Housing is. Needs no download.
 */
public final class Friedman1 implements DataSource {

    private static final int ROWS = 2_000;
    private static final int TRAIN_ROWS = 1_600;
    private static final int FEATURES = 10;
    private static final int SEED = 1991;

    /** Creates the data set. */
    public Friedman1() {}

    @Override
    public String name() {
        return "friedman1";
    }

    @Override
    public String description() {
        return "Friedman #1, generated: 2,000 rows, 10 features, regression; needs no download";
    }

    @Override
    public DataSplit load(DataContext directories, Options options) {
        MersenneTwister random = new MersenneTwister(SEED);
        float[] values = new float[ROWS * (FEATURES + 1)];
        double[] x = new double[FEATURES];
        for (int row = 0; row < ROWS; row++) {
            int start = row * (FEATURES + 1);
            for (int i = 0; i < FEATURES; i++) {
                x[i] = random.nextDouble();
                values[start + i] = (float) x[i];
            }
            values[start + FEATURES] = (float) (signal(x) + random.nextGaussian());
        }
        Table table = new Table(values, FEATURES + 1);
        return table.split(
                IntStream.range(0, ROWS).toArray(),
                TRAIN_ROWS,
                table.digest(),
                "generated, seed " + SEED);
    }

    /** The target without noise. */
    static double signal(double[] x) {
        double centred = x[2] - 0.5;
        return 10 * StrictMath.sin(Math.PI * x[0] * x[1])
                + 20 * centred * centred
                + 10 * x[3]
                + 5 * x[4];
    }
}
