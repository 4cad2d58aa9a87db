// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import io.github.caadam.internal.PrivateFields;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.util.Optional;

/**
 * The averages of weights that an optimizer keeps, in place of the weights, and everything else as
 * a trainer has it. Nothing is copied.
 */
final class AveragedParameters extends ParameterStore {

    private final ParameterStore present;
    private final StatefulOptimizer optimizer;

    /**
     * Reads where a trainer keeps its parameters.
     *
     * @param trainer the trainer
     * @param optimizer its optimizer
     * @throws IllegalStateException if that cannot be read in this version of DJL
     */
    AveragedParameters(Trainer trainer, StatefulOptimizer optimizer) {
        super(trainer.getManager(), false);
        this.optimizer = optimizer;
        present =
                PrivateFields.read(trainer, Trainer.class, "parameterStore", ParameterStore.class)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "Averaged weights cannot be evaluated in this"
                                                        + " version of DJL, whose trainer keeps its"
                                                        + " parameters elsewhere. Use"
                                                        + " model.newTrainer(config), and"
                                                        + " optimizer.applyAverage() at the end."));
    }

    /**
     * Checks that all parts of a network take their parameters from a store.
     *
     * @throws IllegalStateException if one does not
     */
    static void requireReplaceable(Block block) {
        if (block instanceof SymbolBlock) {
            throw new IllegalStateException(
                    "Averaged weights cannot be evaluated in a block of the engine's own, such as a"
                            + " TorchScript file, which knows no other weights than its own. Use"
                            + " model.newTrainer(config), and optimizer.applyAverage() at the"
                            + " end.");
        }
        block.getChildren().values().forEach(AveragedParameters::requireReplaceable);
    }

    /** Returns the average of a parameter, if it is used in place of the parameter's value. */
    Optional<NDArray> average(Parameter parameter, Device device) {
        return parameter.requiresGradient()
                ? optimizer.averageOf(parameter.getId(), device)
                : Optional.empty();
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
        if (parameter == null) {
            return null;
        }
        return average(parameter, device)
                .orElseGet(() -> present.getValue(parameter, device, training));
    }
}
