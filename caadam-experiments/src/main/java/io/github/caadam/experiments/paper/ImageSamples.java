// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.Samples;
import java.nio.ByteBuffer;

/** Images of one byte per pixel and channel, which are preprocessed on the device. */
final class ImageSamples implements Samples {

    /** Images that are preprocessed at once, so that what lies between needs little memory. */
    private static final int AT_ONCE = 2_000;

    private final RawImages images;
    private final ImagePreprocessing preprocessing;

    ImageSamples(RawImages images, ImagePreprocessing preprocessing) {
        this.images = images;
        this.preprocessing = preprocessing;
    }

    @Override
    public Shape sampleShape() {
        return preprocessing.outputShape(images.shape());
    }

    @Override
    public int rows() {
        return images.count();
    }

    @Override
    public NDArray place(NDManager manager, int from, int to) {
        NDArray all = manager.zeros(new Shape(to - from).addAll(sampleShape()));
        for (int start = from; start < to; start += AT_ONCE) {
            int end = Math.min(to, start + AT_ONCE);
            try (NDManager scratch = manager.newSubManager()) {
                NDArray pixels = pixels(scratch, start, end).toType(DataType.FLOAT32, false);
                all.set(
                        new NDIndex((start - from) + ":" + (end - from)),
                        preprocessing.apply(pixels));
            }
        }
        return all;
    }

    private NDArray pixels(NDManager manager, int from, int to) {
        int size = Math.toIntExact(images.shape().size());
        ByteBuffer buffer = manager.allocateDirect((to - from) * size);
        buffer.put(images.pixels(), from * size, (to - from) * size).rewind();
        return manager.create(buffer, new Shape(to - from).addAll(images.shape()), DataType.UINT8);
    }
}
