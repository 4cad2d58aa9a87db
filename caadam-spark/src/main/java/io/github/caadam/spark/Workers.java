// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spark;

import io.github.caadam.experiments.execution.RunTask;
import io.github.caadam.experiments.execution.WorkerSettings;
import io.github.caadam.experiments.execution.WorkerSlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * The worker processes of this executor, as many as it makes runs at a time, each kept from run to
 * run and on one device. They end with the executor, as a worker does when its input ends.
 */
final class Workers {

    private static final String GPU = "gpu";

    private static final Queue<WorkerSlot> ALL = new ConcurrentLinkedQueue<>();
    private static final Map<String, Deque<WorkerSlot>> IDLE = new ConcurrentHashMap<>();

    private Workers() {}

    /** Makes a run on a worker that is idle, or on a new one. */
    static String make(String task, WorkerSettings settings) throws IOException {
        String device = device(settings, TaskContext.get().resourcesJMap());
        Deque<WorkerSlot> idle =
                IDLE.computeIfAbsent(device, name -> new ConcurrentLinkedDeque<>());
        WorkerSlot slot = idle.poll();
        if (slot == null) {
            slot = open(settings);
        }
        try {
            return slot.make(RunTask.fromJson(task).on(device))
                    .orElseThrow(() -> new IllegalStateException("The executor is ending."))
                    .toJson();
        } finally {
            idle.push(slot);
        }
    }

    /** The log and the data that Spark ships are both in its working directory. */
    private static synchronized WorkerSlot open(WorkerSettings settings) {
        Path directory = Path.of(SparkFiles.getRootDirectory()).toAbsolutePath();
        WorkerSlot slot =
                new WorkerSlot(
                        settings.with("--data-dir", directory.toString()).withPluginsIn(directory),
                        directory.resolve("worker-" + (ALL.size() + 1) + ".log"));
        ALL.add(slot);
        return slot;
    }

    static boolean onGpus(WorkerSettings settings) {
        return settings.devices().contains(GPU);
    }

    /** Returns the device of a task: the CPU, or the first GPU that Spark gave it. */
    static String device(WorkerSettings settings, Map<String, ResourceInformation> resources) {
        if (!onGpus(settings)) {
            return settings.devices().get(0);
        }
        ResourceInformation gpu = resources.get(GPU);
        if (gpu == null) {
            throw new IllegalStateException("Spark gave this task no GPU; see docs/spark.md.");
        }
        return GPU + gpu.addresses()[0];
    }

    /** Stops the processes, which is to be done where the driver is the executor, too. */
    static void close() {
        IDLE.clear();
        ALL.forEach(WorkerSlot::close);
        ALL.clear();
    }
}
