// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * The random numbers that a seed gives, one stream for each purpose, so that one is not changed by
 * how much another takes.
 */
public enum RandomStreams {
    /** Initial weights. */
    WEIGHTS(0),
    /** The order of rows. */
    ORDER(1),
    /** Which rows are held out for validation. */
    VALIDATION(2);

    /** How random numbers are drawn from a seed, as runs say it in their identity. */
    public static final String SCHEME = "MT19937 of (seed, stream): 0 weights, 1 order";

    private final int stream;

    RandomStreams(int stream) {
        this.stream = stream;
    }

    /**
     * Starts the stream.
     *
     * @param seed the seed
     * @return a generator of its own
     */
    public RandomGenerator of(int seed) {
        return new MersenneTwister(new int[] {seed, stream});
    }
}
