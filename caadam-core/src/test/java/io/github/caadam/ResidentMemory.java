// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Measures by how much a process grows that does the same over and over. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int SAMPLES = 13;

    private ResidentMemory() {}

    /** Returns what a class prints that calls {@link #printGrowth} in a process of its own. */
    public static long growthOf(Class<?> main) throws IOException, InterruptedException {
        assumeThat(STATUS).as("the process's own figures, which Linux has").isReadable();
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms64m",
                                "-Xmx64m",
                                "-XX:+AlwaysPreTouch",
                                "-Dai.djl.pytorch.num_threads=1",
                                "-Dai.djl.pytorch.num_interop_threads=1",
                                "-DOPT_OUT_TRACKING=true",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return Long.parseLong(output.trim());
    }

    /**
     * Prints by how many kilobytes this process grows with an action. The median of several
     * samples, because the JVM itself grows now and then, by some MB at once.
     */
    public static void printGrowth(Runnable action) throws IOException {
        long[] growth = new long[SAMPLES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            long before = kilobytes();
            action.run();
            growth[sample] = kilobytes() - before;
        }
        Arrays.sort(growth);
        System.out.println(growth[SAMPLES / 2]);
    }

    private static long kilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
