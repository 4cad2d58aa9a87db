// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Where and with what a run was made. */
public final class Environment {

    private static final String BUILD = "/io/github/caadam/experiments/build.properties";

    /** Has MKL compute alike on different processors, as "COMPATIBLE" does on all of them. */
    private static final String MKL_REPRODUCIBILITY = "MKL_CBWR";

    private Environment() {}

    /**
     * Reads the environment of this process.
     *
     * @param device where a run is made
     * @return commit, start time, versions, machine and threads
     */
    public static Map<String, String> current(Device device) {
        Engine engine = Engine.getInstance();
        Map<String, String> environment = new TreeMap<>();
        environment.put("commit", commit());
        environment.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        environment.put("java", System.getProperty("java.vm.version"));
        environment.put("djl", Engine.getDjlVersion());
        environment.put("engine", engine.getEngineName() + " " + engine.getVersion());
        environment.put("device", device.toString());
        if (device.isGpu()) {
            environment.put(
                    "gpu",
                    "compute capability " + CudaUtils.getComputeCapability(device.getDeviceId()));
        }
        environment.put(
                "threads", System.getProperty("ai.djl.pytorch.num_threads", "engine's default"));
        String reproducibility = System.getenv(MKL_REPRODUCIBILITY);
        if (reproducibility != null) {
            environment.put("mkl", MKL_REPRODUCIBILITY + "=" + reproducibility);
        }
        environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put("cpu", cpu());
        environment.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        return environment;
    }

    /** The commit that was built, with {@code -dirty} where the tree had changes. */
    private static String commit() {
        Properties build = new Properties();
        try (InputStream in = Environment.class.getResourceAsStream(BUILD)) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = build.getProperty("git.commit.id.full", "unknown");
        return Boolean.parseBoolean(build.getProperty("git.dirty")) ? commit + "-dirty" : commit;
    }

    private static String cpu() {
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            try (Stream<String> lines = Files.lines(info, StandardCharsets.UTF_8)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .findFirst()
                        .orElse("unknown");
            } catch (IOException | UncheckedIOException e) {
                return "unknown";
            }
        }
        return "unknown";
    }
}
