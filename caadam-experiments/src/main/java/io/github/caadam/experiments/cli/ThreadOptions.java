// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import picocli.CommandLine.Option;

/** How many threads the engine uses. */
final class ThreadOptions {

    /** The system property that the engine reads. */
    static final String PROPERTY = "ai.djl.pytorch.num_threads";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads that the engine uses within an operation, in each process (default:"
                            + " 1; more make small networks slower).")
    private Integer threads;

    /**
     * Settles the number of threads, which the engine reads when it is loaded: that of the option,
     * else that of the system property, else 1.
     *
     * @return the number
     * @throws IllegalArgumentException if it is below 1
     */
    int settle() {
        int settled = threads == null ? Integer.getInteger(PROPERTY, 1) : threads;
        if (settled < 1) {
            throw new IllegalArgumentException("--threads takes 1 or more, found " + settled + ".");
        }
        System.setProperty(PROPERTY, Integer.toString(settled));
        return settled;
    }
}
