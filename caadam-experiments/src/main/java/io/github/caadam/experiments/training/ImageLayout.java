// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** How images lie in memory. */
public final class ImageLayout {

    private static final int[] CHANNELS_BACK = {0, 2, 3, 1};
    private static final int[] CHANNELS_SECOND = {0, 3, 1, 2};

    private ImageLayout() {}

    /**
     * Lays images out with their channels last in memory, which changes neither shape nor values:
     * the convolutions of PyTorch prefer it, and all that follows them keeps to it.
     *
     * @param rows images of shape (rows, channels, height, width), or anything else
     * @return the images, laid out anew; anything else as it was
     */
    public static NDArray channelsLast(NDArray rows) {
        Shape shape = rows.getShape();
        if (shape.dimension() != CHANNELS_BACK.length) {
            return rows;
        }
        NDArray moved = rows.transpose(CHANNELS_BACK);
        return moved.flatten().reshape(moved.getShape()).transpose(CHANNELS_SECOND);
    }
}
