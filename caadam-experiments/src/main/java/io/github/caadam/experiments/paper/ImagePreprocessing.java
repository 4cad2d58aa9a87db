// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** What is done to images before a network sees them. */
interface ImagePreprocessing {

    /** The largest value of a pixel. */
    float WHITE = 255;

    /**
     * Preprocesses images.
     *
     * @param pixels the pixels, from 0 to 255 (images, channels, height, width)
     * @return the images for the network
     */
    NDArray apply(NDArray pixels);

    /** Returns the shape of an image for the network. */
    Shape outputShape(Shape shape);

    /**
     * Pixels from 0 to 1, minus the mean of the training images at each of them.
     *
     * @param meanImage the means, from 0 to 255, in the order of an image's values
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record MinusMean(double[] meanImage) implements ImagePreprocessing {

        @Override
        public NDArray apply(NDArray pixels) {
            float[] mean = new float[meanImage.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (float) (meanImage[i] / WHITE);
            }
            Shape image = pixels.getShape().slice(1);
            NDManager manager = pixels.getManager();
            return pixels.div(WHITE).sub(manager.create(mean, new Shape(1).addAll(image)));
        }

        @Override
        public Shape outputShape(Shape shape) {
            return shape;
        }
    }

    /**
     * Grey images resized by cubic interpolation, from 0 to 1 up to its overshoot, and the same in
     * three channels.
     *
     * @param size the height and width of the result
     */
    record ResizedToColour(int size) implements ImagePreprocessing {

        private static final int CHANNELS = 3;

        @Override
        public NDArray apply(NDArray pixels) {
            NDManager manager = pixels.getManager();
            Shape shape = pixels.getShape();
            NDArray rows = weights(manager, Math.toIntExact(shape.get(2)));
            NDArray columns = weights(manager, Math.toIntExact(shape.get(3)));
            NDArray resized = rows.matMul(pixels.div(WHITE)).matMul(columns.transpose());
            return resized.repeat(1, CHANNELS);
        }

        private NDArray weights(NDManager manager, int from) {
            return manager.create(CubicInterpolation.weights(from, size), new Shape(size, from));
        }

        @Override
        public Shape outputShape(Shape shape) {
            return new Shape(CHANNELS, size, size);
        }
    }
}
