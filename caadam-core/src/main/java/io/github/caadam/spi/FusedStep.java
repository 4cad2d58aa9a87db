// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

/**
 * Makes the steps of an {@link UpdatePlan} by calls of an engine that update many parameters.
 *
 * @since 0.1.0
 */
public interface FusedStep extends AutoCloseable {

    /**
     * Makes a step of all parameters from their gradients, zeroes these, and counts the step.
     *
     * @throws NotAcceleratedException if the engine cannot make it in one call; then nothing was
     *     changed
     */
    void step() throws NotAcceleratedException;

    /** Frees what the engine holds for the steps. Parameters and optimizer stay. */
    @Override
    void close();
}
