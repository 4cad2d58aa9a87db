// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;

/** Updates copies of parameters as if they lay on other devices, where there is only one. */
public final class OnDevice {

    private OnDevice() {}

    /** Updates the copy of a parameter. */
    public static void update(
            StatefulOptimizer optimizer, String id, Device device, NDArray copy, NDArray gradient) {
        optimizer.update(new StateKey(id, device), copy, gradient);
    }
}
