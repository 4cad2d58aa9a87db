// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import java.util.Arrays;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.MathArrays;

/** Rows of full batches, shuffled anew when an epoch is over; the same every time. */
final class Batches {

    private final Workload workload;
    private final RandomGenerator random = new MersenneTwister(1);
    private int[] order = {};
    private int next;

    Batches(Workload workload) {
        this.workload = workload;
    }

    int[] next() {
        if (next + workload.batchSize() > order.length) {
            order = shuffledRows(workload.rows(), random);
            next = 0;
        }
        int start = next;
        next += workload.batchSize();
        return Arrays.copyOfRange(order, start, next);
    }

    static int[] shuffledRows(int rows, RandomGenerator random) {
        int[] order = MathArrays.natural(rows);
        MathArrays.shuffle(order, random);
        return order;
    }
}
