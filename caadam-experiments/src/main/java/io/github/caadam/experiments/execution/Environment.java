// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.Platform;
import ai.djl.util.cuda.CudaUtils;
import io.github.caadam.experiments.results.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where and with what this process makes runs. */
public final class Environment {

    /** The system property that says how many processes make runs side by side. */
    public static final String WORKERS = "caadam.workers";

    private static final String BUILD = "/io/github/caadam/experiments/build.properties";

    /** Has MKL compute alike on different processors, as "COMPATIBLE" does on all of them. */
    private static final String MKL_REPRODUCIBILITY = "MKL_CBWR";

    /** How options begin that may change what is computed, or its time. */
    private static final List<String> KERNELS =
            List.of("-X", "-Dcaadam.programs=", "-Dai.djl.pytorch.cudnn_benchmark=");

    private static final String UNKNOWN = "unknown";

    /** What the driver said of each GPU, as asking takes longer than a short run. */
    private static final Map<Integer, String> DRIVERS = new ConcurrentHashMap<>();

    private static final int CUDA_MAJOR = 1000;
    private static final int CUDA_MINOR = 10;
    private static final long PATIENCE_SECONDS = 20;

    private Environment() {}

    /**
     * Reads the environment of this process.
     *
     * @param device where something is made
     * @return commit, start time, and the facts of the place
     */
    public static Map<String, String> current(Device device) {
        Map<String, String> environment = new TreeMap<>(place(device).facts());
        environment.put("commit", commit());
        environment.put("started", now());
        return environment;
    }

    /**
     * Reads the place that this process is.
     *
     * @param device where a run is made
     * @return versions, machine and threads; not yet how epochs are executed
     */
    static Place place(Device device) {
        Engine engine = Engine.getInstance();
        Map<String, String> facts = new TreeMap<>();
        facts.put(Place.JAVA, System.getProperty("java.vm.version"));
        String flags = flags(ManagementFactory.getRuntimeMXBean().getInputArguments());
        if (!flags.isEmpty()) {
            facts.put(Place.FLAGS, flags);
        }
        facts.put(Place.DJL, Engine.getDjlVersion());
        facts.put(Place.ENGINE, engine.getEngineName() + " " + engine.getVersion());
        Platform nativeLibrary =
                Platform.detectPlatform(engine.getEngineName().toLowerCase(Locale.ROOT));
        facts.put(
                Place.NATIVE,
                nativeLibrary.getVersion()
                        + " "
                        + nativeLibrary.getFlavor()
                        + " "
                        + nativeLibrary.getClassifier());
        facts.put(Place.DEVICE, device.toString());
        if (device.isGpu()) {
            putGpu(device.getDeviceId(), facts);
        }
        facts.put(
                Place.THREADS,
                System.getProperty("ai.djl.pytorch.num_threads", "engine's default"));
        String reproducibility = System.getenv(MKL_REPRODUCIBILITY);
        if (reproducibility != null) {
            facts.put(Place.MKL, MKL_REPRODUCIBILITY + "=" + reproducibility);
        }
        facts.put(Place.OS, System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put(Place.CPU, cpu());
        facts.put(Place.CORES, Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put(Place.WORKERS, System.getProperty(WORKERS, "1"));
        return Place.of(facts);
    }

    /**
     * The flags of a JVM, but where it writes its crashes: a worker's are beside its log; and
     * properties that choose other kernels.
     */
    static String flags(List<String> options) {
        return options.stream()
                .filter(one -> KERNELS.stream().anyMatch(one::startsWith))
                .filter(one -> !one.startsWith("-XX:ErrorFile="))
                .collect(Collectors.joining(" "));
    }

    private static void putGpu(int index, Map<String, String> facts) {
        int cuda = CudaUtils.getCudaVersion();
        facts.put(Place.CUDA, cuda / CUDA_MAJOR + "." + cuda % CUDA_MAJOR / CUDA_MINOR);
        String[] answer = DRIVERS.computeIfAbsent(index, Environment::askDriver).split(", ", 2);
        facts.put(
                Place.GPU,
                answer[0].isEmpty()
                        ? "compute capability " + CudaUtils.getComputeCapability(index)
                        : answer[0]);
        facts.put(Place.DRIVER, answer.length < 2 ? UNKNOWN : answer[1]);
    }

    /** Name and driver of a GPU, which CUDA itself tells in C only; empty if nobody answers. */
    private static String askDriver(int index) {
        try {
            Process process =
                    new ProcessBuilder(
                                    "nvidia-smi",
                                    "--query-gpu=name,driver_version",
                                    "--format=csv,noheader",
                                    "--id=" + index)
                            .redirectErrorStream(true)
                            .start();
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return "";
                }
                String line = reader.readLine();
                return process.exitValue() == 0 && line != null ? line.trim() : "";
            }
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Returns the time, in whole seconds, UTC. */
    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The commit that was built, with {@code -dirty} where the tree had changes. */
    static String commit() {
        Properties build = new Properties();
        try (InputStream in = Environment.class.getResourceAsStream(BUILD)) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = build.getProperty("git.commit.id.full", UNKNOWN);
        return Boolean.parseBoolean(build.getProperty("git.dirty")) ? commit + "-dirty" : commit;
    }

    private static String cpu() {
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            try (Stream<String> lines = Files.lines(info, StandardCharsets.UTF_8)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .findFirst()
                        .orElse(UNKNOWN);
            } catch (IOException | UncheckedIOException e) {
                return UNKNOWN;
            }
        }
        return UNKNOWN;
    }
}
