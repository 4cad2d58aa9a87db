package io.github.caadam.experiments.execution;

import ai.djl.Device;
import io.github.caadam.experiments.study.RunSpec;

/**
 * What a worker is told, as one line of JSON on its standard input.
 *
 * @param study the study that asks for the run
 * @param spec the run
 * @param device where to train: {@code cpu}, or {@code gpu0} and so on
 */
record RunTask(String study, RunSpec spec, String device) {

    /** Returns the name of a device that {@link #djlDevice} understands. */
    static String name(Device device) {
        return device.isGpu() ? "gpu" + device.getDeviceId() : "cpu";
    }

    /** Returns this run on another device. */
    RunTask on(String otherDevice) {
        return new RunTask(study, spec, otherDevice);
    }

    Device djlDevice() {
        return Device.fromName(device);
    }
}
