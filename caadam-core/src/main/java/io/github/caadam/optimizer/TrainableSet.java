package io.github.caadam.optimizer;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Notices that parameters were frozen or unfrozen since the structure was read. It looks once per
 * step, where a step begins with the first parameter that was updated before in the present one: a
 * set look-up per update, and a comparison of flags per step.
 */
final class TrainableSet {

    private final Set<String> updatedInStep = new HashSet<>();
    private List<Parameter> parameters = List.of();
    private BitSet trainable = new BitSet();

    /**
     * Remembers which parameters of a block are trainable now.
     *
     * @param block the block
     * @param parameterId the parameter that is about to be updated, with which a step begins
     */
    void remember(Block block, String parameterId) {
        beginStep(parameterId);
        parameters = block.getParameters().values();
        trainable = trainableNow();
    }

    /**
     * Returns whether, with this update, a step begins in which other parameters are trainable than
     * were remembered.
     *
     * @param parameterId the parameter that is about to be updated
     */
    boolean changedBefore(String parameterId) {
        if (updatedInStep.add(parameterId)) {
            return false;
        }
        beginStep(parameterId);
        return !trainableNow().equals(trainable);
    }

    private void beginStep(String parameterId) {
        updatedInStep.clear();
        updatedInStep.add(parameterId);
    }

    private BitSet trainableNow() {
        BitSet flags = new BitSet(parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            flags.set(i, parameters.get(i).requiresGradient());
        }
        return flags;
    }
}
