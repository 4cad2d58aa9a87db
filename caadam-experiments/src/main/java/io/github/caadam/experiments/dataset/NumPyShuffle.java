// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import org.apache.commons.math3.random.MersenneTwister;

/**
 * The order in which NumPy's legacy {@code RandomState(seed).shuffle} leaves {@code arange(n)}:
 * MT19937 with {@code init_genrand} seeding, Fisher–Yates from the top, and masked rejection for
 * the bounded integers. Keras splits its data sets with it.
 */
public final class NumPyShuffle {

    private NumPyShuffle() {}

    /**
     * Shuffles the indices 0 to n − 1.
     *
     * @param n how many, 0 or more
     * @param seed NumPy's seed
     * @return the shuffled indices
     */
    public static int[] permutation(int n, int seed) {
        MersenneTwister random = new MersenneTwister(seed);
        int[] indices = new int[n];
        for (int i = 0; i < n; i++) {
            indices[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = boundedInt(random, i);
            int swapped = indices[i];
            indices[i] = indices[j];
            indices[j] = swapped;
        }
        return indices;
    }

    /** Draws from 0 to {@code max}, inclusive: 32 bits masked, rejected where too large. */
    private static int boundedInt(MersenneTwister random, int max) {
        int mask = (Integer.highestOneBit(max) << 1) - 1;
        int value = random.nextInt() & mask;
        while (value > max) {
            value = random.nextInt() & mask;
        }
        return value;
    }
}
