// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.List;
import java.util.stream.IntStream;

/** Where to train. */
enum DeviceKind {
    CPU,
    GPU;

    /**
     * Returns the devices of this kind, in order.
     *
     * @throws IllegalArgumentException if there are none
     */
    List<Device> devices() {
        if (this == CPU) {
            return List.of(Device.cpu());
        }
        int count = Engine.getInstance().getGpuCount();
        if (count == 0) {
            throw new IllegalArgumentException(
                    "No GPU was found; build with -Pgpu on a machine with CUDA, or use --device"
                            + " cpu.");
        }
        return IntStream.range(0, count).mapToObj(Device::gpu).toList();
    }
}
