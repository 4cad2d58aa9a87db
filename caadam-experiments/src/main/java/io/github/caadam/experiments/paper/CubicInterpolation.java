// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

/**
 * Cubic interpolation as TensorFlow's {@code tf.image.resize(…, "bicubic")} does it, which the
 * paper's experiments are built on: Keys' kernel with {@code a = −1/2} (Keys, Cubic convolution
 * interpolation for digital image processing, IEEE Transactions on Acoustics, Speech and Signal
 * Processing 29, 1981), centres of pixels at halves, and at the edges the weights of what lies
 * inside, made to sum to 1. Pillow's is the same when it enlarges, and PyTorch's with {@code
 * antialias=True}; PyTorch's other one has {@code a = −3/4} and repeats the edge.
 */
final class CubicInterpolation {

    private static final double A = -0.5;
    private static final int REACH = 2;

    private CubicInterpolation() {}

    /**
     * Returns the weights that enlarge a line of pixels.
     *
     * @param from its length
     * @param to the length of the result, {@code from} or more
     * @return a row of {@code from} weights for each pixel of the result, row-major
     */
    static float[] weights(int from, int to) {
        float[] weights = new float[to * from];
        double scale = (double) from / to;
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale - 0.5;
            int first = Math.max(0, (int) Math.floor(centre) - REACH + 1);
            int last = Math.min(from - 1, (int) Math.floor(centre) + REACH);
            double sum = 0;
            for (int j = first; j <= last; j++) {
                sum += kernel(Math.abs(centre - j));
            }
            for (int j = first; j <= last; j++) {
                weights[i * from + j] = (float) (kernel(Math.abs(centre - j)) / sum);
            }
        }
        return weights;
    }

    private static double kernel(double x) {
        if (x <= 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < REACH ? ((A * x - 5 * A) * x + 8 * A) * x - 4 * A : 0;
    }
}
