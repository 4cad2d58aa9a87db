// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

/** Something that is timed in turns with others. */
interface Contender extends AutoCloseable {

    /** Gets ready for being timed once. */
    default void prepare() {}

    /** Does once what is timed, and waits for the device. */
    void run();

    @Override
    default void close() {}

    /** Runs it once and returns the nanoseconds. */
    default long time() {
        long start = System.nanoTime();
        run();
        return System.nanoTime() - start;
    }
}
