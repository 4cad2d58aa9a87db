// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.dataset.Table;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * Images as they are published, and their labels.
 *
 * @param shape the shape of an image (channels, height, width)
 * @param pixels the images one after the other, one unsigned byte per value
 * @param labels the classes, one unsigned byte per image
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier of bulk data, never compared.
record RawImages(Shape shape, byte[] pixels, byte[] labels) {

    RawImages {
        if (pixels.length != shape.size() * labels.length) {
            throw new IllegalArgumentException(
                    pixels.length
                            + " pixels do not make "
                            + labels.length
                            + " images of shape "
                            + shape
                            + ".");
        }
    }

    int count() {
        return labels.length;
    }

    /** The classes as numbers. */
    float[] targets() {
        float[] targets = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            targets[i] = Byte.toUnsignedInt(labels[i]);
        }
        return targets;
    }

    /** SHA-256, in hex, of the training images, their labels, the test images and theirs. */
    static String digest(RawImages train, RawImages test) {
        MessageDigest digest = Table.sha256();
        for (RawImages images : List.of(train, test)) {
            digest.update(images.pixels);
            digest.update(images.labels);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The mean of each value over the images, from 0 to 255. */
    double[] meanImage() {
        int size = Math.toIntExact(shape.size());
        long[] sums = new long[size];
        for (int i = 0; i < pixels.length; i++) {
            sums[i % size] += Byte.toUnsignedInt(pixels[i]);
        }
        double[] mean = new double[size];
        for (int i = 0; i < size; i++) {
            mean[i] = (double) sums[i] / count();
        }
        return mean;
    }
}
