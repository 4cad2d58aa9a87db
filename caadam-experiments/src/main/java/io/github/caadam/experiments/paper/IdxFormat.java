// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The idx layout of MNIST and Fashion-MNIST: two zero bytes, the type (8, unsigned bytes), the
 * number of dimensions, the dimensions as big-endian integers, and the values.
 */
final class IdxFormat {

    private static final int UNSIGNED_BYTES = 8;

    private IdxFormat() {}

    /**
     * Puts images and labels together.
     *
     * @param images the contents of the file of images
     * @param labels the contents of the file of labels
     * @param classCount the number of classes
     * @throws IOException if one is malformed or cut short, or they do not belong together, or a
     *     label names no class
     */
    static RawImages read(byte[] images, byte[] labels, int classCount) throws IOException {
        Values pixels = values("the file of images", images, 3);
        Values classes = values("the file of labels", labels, 1);
        if (pixels.dimensions[0] != classes.dimensions[0]) {
            throw new IOException(
                    "there are "
                            + pixels.dimensions[0]
                            + " images, but "
                            + classes.dimensions[0]
                            + " labels");
        }
        for (int i = 0; i < classes.values.length; i++) {
            if (Byte.toUnsignedInt(classes.values[i]) >= classCount) {
                throw new IOException(
                        "image "
                                + i
                                + " has the label "
                                + Byte.toUnsignedInt(classes.values[i])
                                + ", but classes are numbered from 0 to "
                                + (classCount - 1));
            }
        }
        return new RawImages(
                new Shape(1, pixels.dimensions[1], pixels.dimensions[2]),
                pixels.values,
                classes.values);
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Values(int[] dimensions, byte[] values) {}

    private static Values values(String what, byte[] file, int expectedDimensions)
            throws IOException {
        int header = Integer.BYTES * (1 + expectedDimensions);
        int magic = UNSIGNED_BYTES << 8 | expectedDimensions;
        if (file.length < header || ByteBuffer.wrap(file).getInt() != magic) {
            throw new IOException(
                    what
                            + " does not start as an idx file of unsigned bytes in "
                            + expectedDimensions
                            + (expectedDimensions == 1 ? " dimension" : " dimensions"));
        }
        ByteBuffer buffer = ByteBuffer.wrap(file, Integer.BYTES, header - Integer.BYTES);
        int[] dimensions = new int[expectedDimensions];
        long size = 1;
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = buffer.getInt();
            size *= Math.max(0, dimensions[i]);
        }
        if (file.length - header != size) {
            throw new IOException(
                    what
                            + " announces "
                            + Arrays.toString(dimensions)
                            + " values but has "
                            + (file.length - header)
                            + " bytes of them");
        }
        return new Values(dimensions, Arrays.copyOfRange(file, header, file.length));
    }
}
