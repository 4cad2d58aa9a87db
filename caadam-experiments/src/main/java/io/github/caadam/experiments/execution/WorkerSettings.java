// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import io.github.caadam.experiments.component.Plugins;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How runs are spread over worker processes.
 *
 * @param count how many processes, 1 or more; a cluster has its own number
 * @param arguments what follows the class path on the command line of one: the main class and its
 *     arguments
 * @param devices the names of the devices, dealt to the processes in turns; a cluster deals its own
 *     where this is {@code gpu}
 * @param recycleAfter after how many runs a process is replaced by a fresh one, 1 or more
 * @param runTimeoutSeconds after how long a run is given up; 0 for never
 * @param epochTimeoutSeconds after how long without an epoch a run is given up, the loading of data
 *     and the test after training included; 0 for never
 * @param silenceSeconds after how long without a sign of life a process is given up, as it starts
 *     too, 1 or more
 */
public record WorkerSettings(
        int count,
        List<String> arguments,
        List<String> devices,
        int recycleAfter,
        long runTimeoutSeconds,
        long epochTimeoutSeconds,
        int silenceSeconds)
        implements Serializable {

    /** How long a process may be silent: two minutes, as it may wait for memory. */
    public static final int SILENCE = 120;

    /**
     * How long a run may go without an epoch: an hour. An epoch of the suite's largest network
     * takes minutes on one core.
     */
    public static final long EPOCH_TIMEOUT = 3600;

    /** Checks the ranges. */
    public WorkerSettings {
        arguments = List.copyOf(arguments);
        devices = List.copyOf(devices);
        if (count < 1
                || recycleAfter < 1
                || runTimeoutSeconds < 0
                || epochTimeoutSeconds < 0
                || silenceSeconds < 1
                || devices.isEmpty()) {
            throw new IllegalArgumentException(
                    "Workers need a count of 1 or more, a number of runs until they are replaced of"
                            + " 1 or more, timeouts of 0 or more seconds, a silence of 1 or more"
                            + " and a device, found "
                            + count
                            + ", "
                            + recycleAfter
                            + ", "
                            + runTimeoutSeconds
                            + ", "
                            + epochTimeoutSeconds
                            + ", "
                            + silenceSeconds
                            + " and "
                            + devices
                            + ".");
        }
    }

    /**
     * Returns these settings with another option on the command lines.
     *
     * @param option its name
     * @param value its value
     * @return the settings
     */
    public WorkerSettings with(String option, String value) {
        List<String> more = new ArrayList<>(arguments);
        more.add(option);
        more.add(value);
        return new WorkerSettings(
                count,
                more,
                devices,
                recycleAfter,
                runTimeoutSeconds,
                epochTimeoutSeconds,
                silenceSeconds);
    }

    /**
     * Returns the plug-ins of the processes.
     *
     * @return the jars
     */
    public List<Plugins.Jar> plugins() {
        List<Plugins.Jar> jars = new ArrayList<>();
        for (int i = 0; i + 1 < arguments.size(); i++) {
            if (arguments.get(i).equals(WorkerServer.PLUGIN)) {
                jars.add(Plugins.Jar.parse(arguments.get(i + 1)));
            }
        }
        return jars;
    }

    /**
     * Returns these settings for a machine where the plug-ins are elsewhere.
     *
     * @param directory where they all are
     * @return the settings
     */
    public WorkerSettings withPluginsIn(Path directory) {
        List<String> moved = new ArrayList<>(arguments);
        for (int i = 1; i < moved.size(); i++) {
            if (moved.get(i - 1).equals(WorkerServer.PLUGIN)) {
                moved.set(i, Plugins.Jar.parse(moved.get(i)).in(directory).toString());
            }
        }
        return new WorkerSettings(
                count,
                moved,
                devices,
                recycleAfter,
                runTimeoutSeconds,
                epochTimeoutSeconds,
                silenceSeconds);
    }

    /**
     * Returns the name of a device, as these settings have it.
     *
     * @param device the device
     * @return {@code cpu}, or {@code gpu0} and so on
     */
    public static String name(Device device) {
        return RunTask.name(device);
    }
}
