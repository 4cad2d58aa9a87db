// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.util.Locale;

/** Refuses data that do not fit before they fill the memory. */
final class DataMemory {

    /** The share of this Java's memory that data may take. */
    private static final double SHARE = 0.6;

    /** Below what an array can have, so that an index may go a row too far. */
    private static final long MOST_NUMBERS = 2_000_000_000;

    private DataMemory() {}

    /**
     * Checks that data fit, in single precision.
     *
     * @param what the data, for the message
     * @param rows how many rows there are
     * @param width how many values a row has
     * @param remedy what to do about it besides more memory, as a sentence
     * @throws IOException if they take more than 60 % of the memory that this Java may use
     */
    static void require(String what, long rows, long width, String remedy) throws IOException {
        require(what, rows, width, remedy, Runtime.getRuntime().maxMemory());
    }

    static void require(String what, long rows, long width, String remedy, long memory)
            throws IOException {
        double bytes = (double) rows * (width * Float.BYTES + Double.BYTES);
        boolean tooMany = (double) rows * width > MOST_NUMBERS;
        if (tooMany || bytes > SHARE * memory) {
            throw new IOException(
                    String.format(
                            Locale.ROOT,
                            "%s: %,d rows of %,d numbers take %s. %s %s",
                            what,
                            rows,
                            width,
                            size(bytes),
                            tooMany
                                    ? "More than 2,000,000,000 numbers are not kept."
                                    : "This Java may use "
                                            + size((double) memory)
                                            + ", of which data may take 60 %. Give it more, such as"
                                            + " JAVA_TOOL_OPTIONS=-Xmx"
                                            + (long) Math.ceil(bytes / SHARE / (1 << 30) + 0.5)
                                            + "g.",
                            remedy));
        }
    }

    private static String size(double bytes) {
        return bytes < 1e9
                ? String.format(Locale.ROOT, "%.0f MB", Math.max(1, bytes / 1e6))
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
