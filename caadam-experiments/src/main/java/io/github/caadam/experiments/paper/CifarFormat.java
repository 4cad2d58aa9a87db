// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The binary layout of CIFAR-10 and CIFAR-100 (Krizhevsky, Learning multiple layers of features
 * from tiny images, 2009): for each image its labels, a byte each, and 3,072 bytes of pixels, red,
 * green and blue plane.
 *
 * @param folder the folder of the files in the archive
 * @param trainFiles the files of the training images, in order
 * @param testFile the file of the test images
 * @param imagesPerFile the images of each file of training images
 * @param testImages the test images
 * @param labelBytes the labels of an image, of which the last is the class
 * @param classes the number of classes
 */
record CifarFormat(
        String folder,
        List<String> trainFiles,
        String testFile,
        int imagesPerFile,
        int testImages,
        int labelBytes,
        int classes) {

    private static final Shape SHAPE = new Shape(3, 32, 32);
    private static final int PIXELS = 3 * 32 * 32;

    static final CifarFormat TEN =
            new CifarFormat(
                    "cifar-10-batches-bin",
                    List.of(
                            "data_batch_1.bin",
                            "data_batch_2.bin",
                            "data_batch_3.bin",
                            "data_batch_4.bin",
                            "data_batch_5.bin"),
                    "test_batch.bin",
                    10_000,
                    10_000,
                    1,
                    10);

    /** CIFAR-10 in DJL's repository, with all training images in one file. */
    static final CifarFormat TEN_OF_DJL =
            new CifarFormat(
                    "cifar-10-djl",
                    List.of("data_batch.bin"),
                    "test_batch.bin",
                    50_000,
                    10_000,
                    1,
                    10);

    static final CifarFormat HUNDRED =
            new CifarFormat(
                    "cifar-100-binary", List.of("train.bin"), "test.bin", 50_000, 10_000, 2, 100);

    CifarFormat {
        trainFiles = List.copyOf(trainFiles);
    }

    /** Returns the size that a file must have, in bytes. */
    long size(String file) {
        int images = file.equals(testFile) ? testImages : imagesPerFile;
        return (long) images * (labelBytes + PIXELS);
    }

    /** Returns the names of all files. */
    List<String> files() {
        List<String> files = new ArrayList<>(trainFiles);
        files.add(testFile);
        return files;
    }

    /**
     * Takes the training images apart.
     *
     * @param contents the contents of the files by name
     * @throws IOException if a file has another size, or a label names no class
     */
    RawImages train(Map<String, byte[]> contents) throws IOException {
        return parse(trainFiles, contents);
    }

    /** Takes the test images apart. */
    RawImages test(Map<String, byte[]> contents) throws IOException {
        return parse(List.of(testFile), contents);
    }

    private RawImages parse(List<String> names, Map<String, byte[]> contents) throws IOException {
        int images = 0;
        for (String name : names) {
            requireSize(name, contents.get(name).length);
            images += contents.get(name).length / (labelBytes + PIXELS);
        }
        byte[] pixels = new byte[images * PIXELS];
        byte[] labels = new byte[images];
        int image = 0;
        for (String name : names) {
            byte[] bytes = contents.get(name);
            for (int at = 0; at < bytes.length; at += labelBytes + PIXELS) {
                labels[image] = bytes[at + labelBytes - 1];
                if (Byte.toUnsignedInt(labels[image]) >= classes) {
                    throw new IOException(
                            name
                                    + " has the label "
                                    + Byte.toUnsignedInt(labels[image])
                                    + " at byte "
                                    + (at + labelBytes - 1)
                                    + ", but classes are numbered from 0 to "
                                    + (classes - 1));
                }
                System.arraycopy(bytes, at + labelBytes, pixels, image * PIXELS, PIXELS);
                image++;
            }
        }
        return new RawImages(SHAPE, pixels, labels);
    }

    void requireSize(String name, long found) throws IOException {
        if (found != size(name)) {
            throw new IOException(name + " has " + found + " bytes, expected " + size(name));
        }
    }
}
