// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How many networks are trained at once, and how.
 *
 * @param programs words of the system property {@value #PROGRAMS}
 * @param cudnnBenchmark whether cuDNN tries its kernels out for each shape
 * @param processes how many processes train
 * @param networks how many networks each of them trains, each in a thread with a stream of its own
 */
record ThroughputSetting(
        SortedSet<String> programs, boolean cudnnBenchmark, int processes, int networks) {

    /** The library's system property of how compiled programs are written. */
    static final String PROGRAMS = "caadam.programs";

    static final String CHANNELS_FIRST = "channels-first";
    static final String EXPLICIT = "explicit-gradients";
    static final String FUSED = "fused-norms";

    /** DJL's system property of cuDNN's benchmark mode. */
    private static final String CUDNN = "ai.djl.pytorch.cudnn_benchmark";

    ThroughputSetting {
        programs = new TreeSet<>(programs);
    }

    /** As everything is unless told. */
    static ThroughputSetting usual(int processes) {
        return new ThroughputSetting(new TreeSet<>(), false, processes, 1);
    }

    ThroughputSetting with(String... words) {
        SortedSet<String> more = new TreeSet<>(programs);
        more.addAll(List.of(words));
        return new ThroughputSetting(more, cudnnBenchmark, processes, networks);
    }

    ThroughputSetting withCudnnBenchmark() {
        return new ThroughputSetting(programs, true, processes, networks);
    }

    ThroughputSetting withProcesses(int number, int networksOfEach) {
        return new ThroughputSetting(programs, cudnnBenchmark, number, networksOfEach);
    }

    /** Returns the options of a JVM that trains so. */
    List<String> jvmOptions() {
        List<String> options = new ArrayList<>();
        if (!programs.isEmpty()) {
            options.add("-D" + PROGRAMS + "=" + String.join(",", programs));
        }
        if (cudnnBenchmark) {
            options.add("-D" + CUDNN + "=true");
        }
        return options;
    }

    @Override
    public String toString() {
        List<String> words = new ArrayList<>(programs);
        if (cudnnBenchmark) {
            words.add("cudnn-benchmark");
        }
        return processes
                + " × "
                + networks
                + (words.isEmpty() ? "" : " " + String.join(",", words));
    }
}
