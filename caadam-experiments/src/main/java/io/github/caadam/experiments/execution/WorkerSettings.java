// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import java.io.Serializable;
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
 */
public record WorkerSettings(
        int count,
        List<String> arguments,
        List<String> devices,
        int recycleAfter,
        long runTimeoutSeconds)
        implements Serializable {

    /** Checks the ranges. */
    public WorkerSettings {
        arguments = List.copyOf(arguments);
        devices = List.copyOf(devices);
        if (count < 1 || recycleAfter < 1 || runTimeoutSeconds < 0 || devices.isEmpty()) {
            throw new IllegalArgumentException(
                    "Workers need a count of 1 or more, a number of runs until they are replaced of"
                            + " 1 or more, a timeout of 0 or more seconds and a device, found "
                            + count
                            + ", "
                            + recycleAfter
                            + ", "
                            + runTimeoutSeconds
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
    WorkerSettings with(String option, String value) {
        List<String> more = new ArrayList<>(arguments);
        more.add(option);
        more.add(value);
        return new WorkerSettings(count, more, devices, recycleAfter, runTimeoutSeconds);
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
