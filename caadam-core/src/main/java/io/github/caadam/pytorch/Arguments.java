// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/**
 * The arguments of a program. Arrays that outlive the call are passed as views of their own, which
 * are detached from automatic differentiation and whose names tell what argument they are part of.
 */
final class Arguments {

    private final NDManager manager;
    private final NDList arrays = new NDList();

    /**
     * Creates an empty list.
     *
     * @param manager whom the arguments belong to
     */
    Arguments(NDManager manager) {
        this.manager = manager;
    }

    /** Adds an argument that is one array. */
    void add(NDArray array) {
        arrays.add(view(array));
    }

    /** Adds an element to the argument that is a list of this name. */
    void addTo(String list, NDArray array) {
        NDArray view = view(array);
        view.setName(list + "[]");
        arrays.add(view);
    }

    private NDArray view(NDArray array) {
        NDArray view = array.stopGradient();
        view.attach(manager);
        return view;
    }

    NDList arrays() {
        return arrays;
    }
}
