// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * The time that a step of Adam needs for moving memory alone: for each value it reads weight,
 * gradient and both moments, writes weight and moments, and zeroes the gradient, 8 × 4 bytes. The
 * bandwidth is the best of several copies of arrays on one core, of the size that the step works
 * on, so that a small network is held against the cache that it fits in.
 *
 * @param bytes bytes moved
 * @param gigabytesPerSecond bandwidth, bytes read and written, 10⁹ a second
 */
record MemoryFloor(long bytes, double gigabytesPerSecond) {

    private static final int MOVED_PER_VALUE = 8 * Float.BYTES;

    /** Weight, gradient and moments lie in memory; half of them is copied to the other half. */
    private static final int COPIED_PER_VALUE = 2;

    private static final long BYTES_PER_SAMPLE = 1L << 28;
    private static final int SAMPLES = 9;

    static MemoryFloor measure(long values, Device device) {
        double bandwidth =
                device.isGpu() ? deviceBandwidth(device) : bandwidth(values * COPIED_PER_VALUE);
        return new MemoryFloor(values * MOVED_PER_VALUE, bandwidth);
    }

    /** Milliseconds of a step that does nothing but move memory. */
    double milliseconds() {
        return bytes / gigabytesPerSecond / 1e6;
    }

    private static double bandwidth(long floats) {
        float[] from = new float[Math.toIntExact(floats)];
        float[] to = new float[from.length];
        long repetitions = Math.max(1, BYTES_PER_SAMPLE / (2L * Float.BYTES * from.length));
        double[] samples = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            long start = System.nanoTime();
            for (long r = 0; r < repetitions; r++) {
                System.arraycopy(from, 0, to, 0, from.length);
            }
            long nanos = System.nanoTime() - start;
            samples[i] = (double) (repetitions * 2 * Float.BYTES * from.length) / nanos;
        }
        return Arrays.stream(samples).max().orElseThrow();
    }

    private static double deviceBandwidth(Device device) {
        try (NDManager manager = NDManager.newBaseManager(device)) {
            Shape shape = new Shape(BYTES_PER_SAMPLE / Float.BYTES);
            NDArray from = manager.zeros(shape);
            NDArray to = manager.zeros(shape);
            double[] samples = new double[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) {
                manager.ones(new Shape()).getFloat();
                long start = System.nanoTime();
                to.set(new NDIndex("..."), from);
                manager.ones(new Shape()).getFloat();
                samples[i] = 2.0 * BYTES_PER_SAMPLE / (System.nanoTime() - start);
            }
            return Arrays.stream(samples).max().orElseThrow();
        }
    }
}
