// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.study.RunSpec;

/**
 * What a worker is told, as one line of JSON.
 *
 * @param id the run's id
 * @param study the study that asks for the run
 * @param label the run in a few words
 * @param run the run, whose components the worker looks up
 * @param device where to train: {@code cpu}, or {@code gpu0} and so on
 * @param asked what is to be done
 */
public record RunTask(
        String id, String study, String label, ObjectNode run, String device, Asked asked) {

    /** What is to be done. */
    public enum Asked {
        /** The run. */
        RUN,
        /** Two steps on a few rows, of which only a fault counts. */
        TRIAL,
        /** To load the data, of which only a fault counts. */
        DATA
    }

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
        return new RunTask(id, study, spec.label(), spec.toJson(), device, Asked.RUN);
    }

    /**
     * Asks to load data, before any run of them is planned.
     *
     * @param study the study that asks for them
     * @param data the data
     * @return the task
     */
    static RunTask ofData(String study, Component data) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("data", data.toJson());
        return new RunTask("", study, data.toString(), json, name(Device.cpu()), Asked.DATA);
    }

    /**
     * Returns this run as a trial: two steps on a few rows, of which only a fault counts.
     *
     * @return the task
     */
    RunTask asTrial() {
        return new RunTask(id, study, label, run, device, Asked.TRIAL);
    }

    /**
     * Reads the data that are to be loaded.
     *
     * @param catalog what they are looked up in
     * @return the data
     * @throws IllegalArgumentException if they are not here
     */
    Component data(Catalog catalog) {
        return catalog.read(Kind.DATA, run.path("data"));
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
        return new RunTask(id, study, label, run, otherDevice, asked);
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
