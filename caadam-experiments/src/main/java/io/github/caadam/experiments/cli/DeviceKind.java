package io.github.caadam.experiments.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;

/** Where to train. */
enum DeviceKind {
    CPU,
    GPU;

    /**
     * Returns the device.
     *
     * @throws IllegalArgumentException if there is none
     */
    Device choose() {
        if (this == CPU) {
            return Device.cpu();
        }
        if (Engine.getInstance().getGpuCount() == 0) {
            throw new IllegalArgumentException(
                    "No GPU was found; build with -Pgpu on a machine with CUDA, or use --device"
                            + " cpu.");
        }
        return Device.gpu();
    }
}
