// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import ai.djl.ndarray.NDList;

/**
 * What an optimizer keeps for one parameter on one device.
 *
 * @since 0.1.0
 */
public interface SlotArrays {

    /**
     * Returns the arrays of the rule's slots, in their order, each of the slot's shape and the
     * weight's type.
     *
     * @return the arrays, to be changed in place
     */
    NDList arrays();

    /**
     * Returns the number of steps that were made with them.
     *
     * @return the number of steps
     */
    int step();
}
