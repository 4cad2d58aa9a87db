// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.util.RandomUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * The state of DJL's random numbers of Java, {@link RandomUtils#RANDOM}, from which row orders are
 * drawn. {@link Random} shows its seed in its serialized form only.
 */
final class RandomState implements Resumable {

    private static final String KIND = "a saved state of random numbers";

    /** What {@link Random#setSeed} does to a seed, by its specification. */
    private static final long SCRAMBLE = 0x5DEECE66DL;

    /**
     * Drops the second of a pair of Gaussian numbers, which {@link Random} keeps back and does not
     * take from anybody. All other numbers stay the same.
     */
    static void normalize() {
        RandomUtils.RANDOM.setSeed(seed());
    }

    @Override
    public void save(Path file) throws IOException {
        SavedValues.write(file, KIND, Map.of("seed", Long.toString(seed())));
    }

    @Override
    public void load(Path file) throws IOException {
        RandomUtils.RANDOM.setSeed(SavedValues.read(file, KIND).wide("seed"));
    }

    /** Returns the seed with which all goes on as from the present state. */
    private static long seed() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(RandomUtils.RANDOM);
            }
            byte[] serialized = bytes.toByteArray();
            // The seed is the last field, before the mark that ends an object.
            long state = ByteBuffer.wrap(serialized).getLong(serialized.length - 1 - Long.BYTES);
            long seed = state ^ SCRAMBLE;
            try (ObjectInputStream in =
                    new ObjectInputStream(new ByteArrayInputStream(serialized))) {
                Random copy = (Random) in.readObject();
                if (copy.nextLong() == new Random(seed).nextLong()) {
                    return seed;
                }
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(unreadable(), e);
        }
        throw new IllegalStateException(unreadable());
    }

    private static String unreadable() {
        return "The state of java.util.Random cannot be read on Java "
                + Runtime.version()
                + "; set a seed by optSeed.";
    }
}
