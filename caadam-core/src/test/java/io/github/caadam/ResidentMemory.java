// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Measures by how much a process grows that does the same over and over. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    /** How often {@link #printGrowth} does its action. */
    public static final int SAMPLES = 13;

    private ResidentMemory() {}

    /** Returns what a class prints that calls {@link #printGrowth} in a process of its own. */
    public static long growthOf(Class<?> main, Object... arguments)
            throws IOException, InterruptedException {
        return Long.parseLong(outputOf(main, 64, arguments));
    }

    /** Returns what a class prints that calls {@link #printSlope} in a process of its own. */
    public static double slopeOf(Class<?> main, Object... arguments)
            throws IOException, InterruptedException {
        return Double.parseDouble(outputOf(main, 128, arguments));
    }

    private static String outputOf(Class<?> main, int heapMegabytes, Object... arguments)
            throws IOException, InterruptedException {
        assumeThat(STATUS).as("the process's own figures, which Linux has").isReadable();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms" + heapMegabytes + "m",
                                "-Xmx" + heapMegabytes + "m",
                                "-XX:+AlwaysPreTouch",
                                "-Dai.djl.pytorch.num_threads=1",
                                "-Dai.djl.pytorch.num_interop_threads=1",
                                "-DOPT_OUT_TRACKING=true",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.trim();
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

    /**
     * Prints the slope of the line through this process's size, in kilobytes for each time that an
     * action is done.
     *
     * @param warmUp how often it is done before
     * @param times how often it is done while measured
     * @param action the action, which is told how often it was done before
     */
    public static void printSlope(int warmUp, int times, IntConsumer action) throws IOException {
        double[] samples = new double[times];
        for (int i = 0; i < warmUp + times; i++) {
            action.accept(i);
            if (i >= warmUp) {
                samples[i - warmUp] = resident();
            }
        }
        System.out.println(leastSquaresSlope(samples));
    }

    private static double leastSquaresSlope(double... samples) {
        double meanX = (samples.length - 1) / 2.0;
        double meanY = Arrays.stream(samples).average().orElseThrow();
        double products = 0;
        double squares = 0;
        for (int x = 0; x < samples.length; x++) {
            products += (x - meanX) * (samples[x] - meanY);
            squares += (x - meanX) * (x - meanX);
        }
        return products / squares;
    }

    private static long kilobytes() throws IOException {
        System.gc();
        return resident();
    }

    private static long resident() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
