// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.LocalParameterServer;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.internal.PrivateFields;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the values of a block's parameters lie. They lie in the block's own arrays, and where a
 * trainer trains on other devices than the model's, in copies that DJL calls mirrors. The block's
 * own are stale then until the trainer is closed.
 */
final class TrainedArrays {

    private final NetworkParameters parameters;
    private final Trainer trainer;

    private TrainedArrays(Block block, Trainer trainer) {
        parameters = NetworkParameters.of(block);
        this.trainer = trainer;
    }

    /** Looks at a block alone. */
    static TrainedArrays of(Block block) {
        return new TrainedArrays(block, null);
    }

    /** Looks at a trainer and its block. */
    static TrainedArrays of(Trainer trainer) {
        return new TrainedArrays(trainer.getModel().getBlock(), trainer);
    }

    /**
     * Returns the parameters, each once, by path.
     *
     * @throws IllegalStateException if one was not initialized, or two have one path
     */
    Collection<NetworkParameters.Named> parameters() {
        return parameters.byPath().values();
    }

    /** Returns the array that steps change, on the first device. */
    NDArray trained(NetworkParameters.Named named) {
        return mirrors(named).get(0);
    }

    /** Returns the array that evaluation reads, on the first device: an average, if one is used. */
    NDArray evaluated(NetworkParameters.Named named) {
        return average(named).orElseGet(() -> trained(named));
    }

    private Optional<NDArray> average(NetworkParameters.Named named) {
        return trainer instanceof FusedTrainer fused
                ? fused.evaluated(named.parameter())
                : Optional.empty();
    }

    /** Returns the block's own array of a parameter, and those that steps change. */
    Set<NDArray> present(NetworkParameters.Named named) {
        Set<NDArray> present = Collections.newSetFromMap(new IdentityHashMap<>());
        present.add(named.parameter().getArray());
        present.addAll(mirrors(named));
        return present;
    }

    /** Returns all arrays of a parameter that training or evaluation reads. */
    Set<NDArray> all(NetworkParameters.Named named) {
        Set<NDArray> all = present(named);
        average(named).ifPresent(all::add);
        return all;
    }

    private List<NDArray> mirrors(NetworkParameters.Named named) {
        if (trainer == null || isInPlace(named)) {
            return List.of(named.parameter().getArray());
        }
        ParameterStore store = store();
        return List.of(trainer.getDevices()).stream()
                .map(device -> store.getValue(named.parameter(), device, true))
                .toList();
    }

    private boolean isInPlace(NetworkParameters.Named named) {
        Device[] devices = trainer.getDevices();
        return devices.length == 1 && devices[0].equals(named.device());
    }

    private static Optional<ParameterStore> storeOf(Trainer trainer) {
        return PrivateFields.read(trainer, Trainer.class, "parameterStore", ParameterStore.class);
    }

    /** Returns the optimizer of a trainer, or empty if this version of DJL does not show it. */
    static Optional<Optimizer> optimizerOf(Trainer trainer) {
        return storeOf(trainer)
                .flatMap(
                        store ->
                                PrivateFields.read(
                                        store,
                                        ParameterStore.class,
                                        "parameterServer",
                                        LocalParameterServer.class))
                .flatMap(
                        server ->
                                PrivateFields.read(
                                        server,
                                        LocalParameterServer.class,
                                        "optimizer",
                                        Optimizer.class))
                .map(ForeignSteps::within);
    }

    private ParameterStore store() {
        return storeOf(trainer)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "This version of DJL does not show the copies that it"
                                                + " trains on other devices: put the model on the"
                                                + " device of the training, by"
                                                + " Model.newInstance(name, device)."));
    }
}
