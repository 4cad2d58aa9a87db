// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.internal.OwnedArrays;
import io.github.caadam.rule.NetworkNumber;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers that a rule keeps of the whole network. From the first step on they lie on the device
 * of the training, of which there is one.
 */
final class NetworkState implements AutoCloseable {

    private final String rule;
    private final Map<String, Double> initial = new LinkedHashMap<>();
    private NDList arrays = new NDList();
    private OwnedArrays owned;
    private Device device;

    private NetworkState(String rule) {
        this.rule = rule;
    }

    /** Begins with the values that the numbers have before the first step. */
    static NetworkState initial(String rule, List<NetworkNumber> numbers) {
        NetworkState state = new NetworkState(rule);
        numbers.forEach(number -> state.initial.put(number.name(), number.initial()));
        return state;
    }

    /** Begins with values, by name in the order of the rule's numbers. */
    static NetworkState of(String rule, Map<String, Double> values) {
        NetworkState state = new NetworkState(rule);
        state.initial.putAll(values);
        return state;
    }

    /**
     * Returns the numbers where a weight lies, scalars of float64, to be changed in place.
     *
     * @throws IllegalStateException if they lie on another device
     */
    NDList beside(NDArray weight, Device of) {
        if (initial.isEmpty()) {
            return arrays;
        }
        requireDevice(of);
        if (owned == null) {
            owned = OwnedArrays.beside(weight);
            try (NDManager scratch = weight.getManager().newSubManager()) {
                for (Map.Entry<String, Double> number : initial.entrySet()) {
                    // Not by create: that array would lie in a Java buffer.
                    NDArray zero = scratch.zeros(new Shape(), DataType.FLOAT64);
                    zero.setName(number.getKey());
                    NDArray array = owned.copyOf(zero);
                    array.addi(number.getValue());
                    arrays.add(array);
                }
            }
            device = of;
        }
        return arrays;
    }

    private void requireDevice(Device of) {
        if (device != null && !device.equals(of)) {
            throw new IllegalStateException(
                    "The rule \""
                            + rule
                            + "\" works on the whole network, whose parameters were trained on "
                            + device
                            + " and now on "
                            + of
                            + "; train on one device (optDevices).");
        }
    }

    /** Returns the values by name, in the order of the rule's numbers. */
    Map<String, Double> values() {
        if (owned == null) {
            return initial;
        }
        Map<String, Double> values = new LinkedHashMap<>();
        arrays.forEach(array -> values.put(array.getName(), array.getDouble()));
        return values;
    }

    @Override
    public void close() {
        arrays = new NDList();
        if (owned != null) {
            owned.close();
            owned = null;
        }
        device = null;
    }
}
