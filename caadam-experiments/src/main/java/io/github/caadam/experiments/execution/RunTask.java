// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.study.RunSpec;

/**
 * What a worker is told, as one line of JSON.
 *
 * @param id the run's id
 * @param study the study that asks for the run
 * @param label the run in a few words
 * @param run the run, whose components the worker looks up
 * @param device where to train: {@code cpu}, or {@code gpu0} and so on
 * @param trial whether two steps on a few rows are asked for, and not the run
 */
public record RunTask(
        String id, String study, String label, ObjectNode run, String device, boolean trial) {

    /**
     * Writes a task.
     *
     * @param id the run's id
     * @param study the study that asks for the run
     * @param spec the run
     * @param device where to train
     * @return the task
     */
    public static RunTask of(String id, String study, RunSpec spec, String device) {
        return new RunTask(id, study, spec.label(), spec.toJson(), device, false);
    }

    /**
     * Returns this run as a trial: two steps on a few rows, of which only a fault counts.
     *
     * @return the task
     */
    RunTask asTrial() {
        return new RunTask(id, study, label, run, device, true);
    }

    /**
     * Reads the run.
     *
     * @param catalog what its components are looked up in
     * @return the run
     * @throws IllegalArgumentException if a component is not here
     */
    RunSpec spec(Catalog catalog) {
        return RunSpec.fromJson(run, catalog);
    }

    /** Returns the name of a device that {@link #djlDevice} understands. */
    static String name(Device device) {
        return device.isGpu() ? "gpu" + device.getDeviceId() : "cpu";
    }

    /**
     * Returns this run on another device.
     *
     * @param otherDevice the name of the device
     * @return the task
     */
    public RunTask on(String otherDevice) {
        return new RunTask(id, study, label, run, otherDevice, trial);
    }

    Device djlDevice() {
        return Device.fromName(device);
    }

    /**
     * Reads a task.
     *
     * @param line what {@link #toJson} returned
     * @return the task
     */
    public static RunTask fromJson(String line) {
        return JsonLine.read(line, RunTask.class);
    }

    /**
     * Returns the task as one line.
     *
     * @return the line of JSON
     */
    public String toJson() {
        return JsonLine.write(this);
    }
}
