// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.Accelerator;
import io.github.caadam.spi.FusedStep;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.UpdatePlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes steps of whatever is trainable in a block, planned anew when that has changed. */
final class FusedSteps implements AutoCloseable {

    private final StatefulOptimizer optimizer;
    private final Block block;
    private final Device device;
    private final Accelerator accelerator;
    private List<Parameter> parameters;
    private NDArray[] trained;
    private UpdatePlan plan;
    private FusedStep step;

    /**
     * Prepares nothing yet, as the block may not be initialized.
     *
     * @param optimizer the optimizer
     * @param block the network
     * @param device the device of the training
     * @param accelerator what makes steps on the engine
     */
    FusedSteps(StatefulOptimizer optimizer, Block block, Device device, Accelerator accelerator) {
        this.optimizer = optimizer;
        this.block = block;
        this.device = device;
        this.accelerator = accelerator;
    }

    /**
     * Makes a step.
     *
     * @throws NotAcceleratedException if it cannot be made in one call; then nothing was changed
     */
    void step() throws NotAcceleratedException {
        List<Parameter> present = block.getParameters().values();
        if (plan == null || plan.isStale() || !isPrepared(present)) {
            prepare(present);
        }
        if (step != null) {
            step.step();
        }
    }

    private boolean isPrepared(List<Parameter> present) {
        if (present.size() != parameters.size()) {
            return false;
        }
        for (int i = 0; i < trained.length; i++) {
            Parameter parameter = present.get(i);
            if (parameter != parameters.get(i) || trained(parameter) != trained[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the array of a parameter that is trainable, otherwise null. */
    private static NDArray trained(Parameter parameter) {
        return parameter.requiresGradient() ? parameter.getArray() : null;
    }

    private void prepare(List<Parameter> present) throws NotAcceleratedException {
        close();
        plan = null;
        NDArray[] arrays = new NDArray[present.size()];
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = trained(present.get(i));
            if (arrays[i] != null) {
                requireDevice(arrays[i]);
                weights.put(present.get(i).getId(), arrays[i]);
            }
        }
        UpdatePlan planned = optimizer.plan(weights);
        if (!weights.isEmpty()) {
            step = accelerator.fuse(planned);
        }
        parameters = present;
        trained = arrays;
        plan = planned;
    }

    private void requireDevice(NDArray array) throws NotAcceleratedException {
        if (!array.getDevice().equals(device)) {
            throw new NotAcceleratedException(
                    "parameters",
                    "they lie on " + array.getDevice() + " and the training runs on " + device);
        }
    }

    @Override
    public void close() {
        if (step != null) {
            step.close();
            step = null;
        }
    }
}
