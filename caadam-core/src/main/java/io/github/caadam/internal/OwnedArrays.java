// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Arrays that live until this is closed. They lie in a manager of their own, and an {@link NDScope}
 * that is open where they are made does not release them.
 *
 * @since 0.1.0
 */
public final class OwnedArrays implements AutoCloseable {

    private final NDManager manager;

    private OwnedArrays(NDManager manager) {
        this.manager = manager;
    }

    /**
     * Creates an owner of arrays on a device.
     *
     * @param engine the engine that makes them
     * @param device the device
     * @return the owner, of nothing yet
     */
    public static OwnedArrays on(Engine engine, Device device) {
        return new OwnedArrays(engine.newBaseManager(device));
    }

    /**
     * Creates an owner of arrays on the device of another array.
     *
     * @param array the other array
     * @return the owner, of nothing yet
     */
    public static OwnedArrays beside(NDArray array) {
        return on(array.getManager().getEngine(), array.getDevice());
    }

    /**
     * Creates zeros on this owner's device.
     *
     * @param array an array of the shape and number type that they get
     * @return the zeros, without a name
     */
    public NDArray zerosLike(NDArray array) {
        return zeros(array.getShape(), array.getDataType());
    }

    /**
     * Creates zeros on this owner's device.
     *
     * @param shape the shape
     * @param type the type of numbers
     * @return the zeros, without a name
     */
    public NDArray zeros(Shape shape, DataType type) {
        return own(manager.zeros(shape, type));
    }

    /**
     * Copies values to this owner's device. The copy is not differentiable.
     *
     * @param array the values, which stay
     * @return the copy, of the same name
     */
    public NDArray copyOf(NDArray array) {
        try (NDArray values = array.stopGradient()) {
            // DJL 0.36.0's toDevice(device, true) makes no copy where the device is the same.
            Device device = manager.getDevice();
            NDArray copy =
                    device.equals(array.getDevice())
                            ? values.duplicate()
                            : values.toDevice(device, true);
            copy.setName(array.getName());
            return own(copy);
        }
    }

    /**
     * Takes an array over. It stays the same array where it is on this owner's device, and is
     * copied and closed where it is not.
     *
     * @param array the array, of no other owner, on this owner's engine
     * @return the array or its copy, of the same name
     */
    public NDArray take(NDArray array) {
        if (manager.getDevice().equals(array.getDevice())) {
            return own(array);
        }
        try (array) {
            return copyOf(array);
        }
    }

    private NDArray own(NDArray array) {
        NDScope.unregister(array);
        array.attach(manager);
        return array;
    }

    /**
     * Returns whether nothing is owned any more.
     *
     * @return whether it was closed
     */
    public boolean isClosed() {
        return !manager.isOpen();
    }

    /** Releases the arrays. */
    @Override
    public void close() {
        manager.close();
    }

    /** Returns what it owns, in words. */
    @Override
    public String toString() {
        return "OwnedArrays(" + manager.getDevice() + ")";
    }
}
