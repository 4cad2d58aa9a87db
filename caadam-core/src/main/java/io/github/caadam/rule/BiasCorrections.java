// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

/**
 * The bias corrections {@code 1−βᵗ} of a step: a moment that started from zeros is too small by
 * this factor. Each is computed once and kept, as most parameters are at the same step. Not for
 * several threads at once.
 *
 * @since 0.1.0
 */
public final class BiasCorrections {

    private static final int KEPT = 4;

    private final int step;
    private final double[] betas = new double[KEPT];
    private final double[] corrections = new double[KEPT];
    private int count;

    /**
     * Creates the corrections of a step.
     *
     * @param step the number of the step, {@code t}, from 1
     */
    public BiasCorrections(int step) {
        this.step = step;
    }

    /**
     * Returns the number of the step.
     *
     * @return {@code t}
     */
    public int step() {
        return step;
    }

    /**
     * Returns the correction of a moment.
     *
     * @param beta the decay {@code β} of the moment
     * @return {@code 1−βᵗ}
     */
    public double of(double beta) {
        for (int i = 0; i < count; i++) {
            if (betas[i] == beta) {
                return corrections[i];
            }
        }
        double correction = 1.0 - Math.pow(beta, step);
        if (count < KEPT) {
            betas[count] = beta;
            corrections[count] = correction;
            count++;
        }
        return correction;
    }
}
