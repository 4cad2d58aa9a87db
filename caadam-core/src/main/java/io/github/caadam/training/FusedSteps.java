package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.optimizer.UpdatePlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes steps of whatever is trainable in a block, planned anew when that has changed. */
final class FusedSteps implements AutoCloseable {

    private final StatefulOptimizer optimizer;
    private final Block block;
    private final Device device;
    private final StepFuser fuser;
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
     * @param fuser what makes steps on the engine
     */
    FusedSteps(StatefulOptimizer optimizer, Block block, Device device, StepFuser fuser) {
        this.optimizer = optimizer;
        this.block = block;
        this.device = device;
        this.fuser = fuser;
    }

    /**
     * Makes a step.
     *
     * @throws NotFusableException if it cannot be made in one call; then nothing was changed
     */
    void step() throws NotFusableException {
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

    private void prepare(List<Parameter> present) throws NotFusableException {
        close();
        parameters = present;
        trained = new NDArray[present.size()];
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (int i = 0; i < trained.length; i++) {
            trained[i] = trained(present.get(i));
            if (trained[i] != null) {
                requireDevice(trained[i]);
                weights.put(present.get(i).getId(), trained[i]);
            }
        }
        plan = optimizer.plan(weights);
        if (!weights.isEmpty()) {
            step = fuser.fuse(plan);
        }
    }

    private void requireDevice(NDArray array) throws NotFusableException {
        if (!array.getDevice().equals(device)) {
            throw new NotFusableException(
                    "parameters lie on "
                            + array.getDevice()
                            + " and the training runs on "
                            + device);
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
