// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.caadam.internal.NetworkParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The present weights of a block, restored in place. */
record TrainedWeights(TrainedArrays arrays) implements Resumable {

    @Override
    public void save(Path file) throws IOException {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (NetworkParameters.Named named : arrays.parameters()) {
            weights.put(named.path(), arrays.trained(named));
        }
        WeightsFile.write(file, weights);
    }

    /** Checks all weights before the first is written. */
    @Override
    public void load(Path file) throws IOException {
        Collection<NetworkParameters.Named> present = arrays.parameters();
        try (NDManager host = NDManager.newBaseManager(Device.cpu())) {
            Map<String, NDArray> saved = WeightsFile.read(file, host);
            WeightsFile.requireSame(file, present, saved);
            for (NetworkParameters.Named named : present) {
                NDArray weight = saved.get(named.path());
                arrays.present(named).forEach(array -> WeightsFile.copy(weight, array));
            }
        }
    }
}
