// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The one door to what an engine can do beyond DJL's api. What an engine throws while steps are
 * being prepared comes out as {@link NotAcceleratedException}; what it throws while a step is made
 * comes out as it is, since weights may have changed by then. Found by {@link ServiceLoader}.
 *
 * @since 0.1.0
 */
public interface Accelerator {

    /**
     * Returns the engine that this serves.
     *
     * @return its name, as {@link ai.djl.engine.Engine#getEngineName} gives it
     */
    String engineName();

    /**
     * Returns whether a backward pass has reached a parameter.
     *
     * @param weight the parameter's values
     * @return whether the engine keeps a gradient for it, be it zero
     */
    boolean hasGradient(NDArray weight);

    /**
     * Prepares the steps of a plan.
     *
     * @param plan the plan, of one parameter or more, all on one device and requiring a gradient
     * @return what makes the steps
     * @throws NotAcceleratedException if the engine cannot make them in one call
     */
    FusedStep fuse(UpdatePlan plan) throws NotAcceleratedException;

    /**
     * Compiles the loop over batches.
     *
     * @param block the network, initialized
     * @param loss the loss
     * @param plan the steps of the parameters that are trainable now
     * @return the program
     * @throws NotAcceleratedException if a part of it is not known, or the program computes
     *     something else than DJL does
     */
    EpochProgram compile(Block block, Loss loss, UpdatePlan plan) throws NotAcceleratedException;

    /**
     * Has this thread give a GPU its work in a stream of its own from now on, so that the work of
     * several threads is done side by side. What one thread makes there is for that thread alone.
     * Does nothing for other devices.
     *
     * @param device the device
     * @throws NotAcceleratedException if the engine has no streams
     */
    void useOwnStream(Device device) throws NotAcceleratedException;

    /**
     * Finds the accelerator of an engine. It is looked for where this library was loaded from,
     * whatever the thread's context class loader sees.
     *
     * @param engineName the engine
     * @return its accelerator
     * @throws NotAcceleratedException if there is none, or it cannot be loaded
     */
    static Accelerator of(String engineName) throws NotAcceleratedException {
        try {
            for (Accelerator accelerator :
                    ServiceLoader.load(Accelerator.class, Accelerator.class.getClassLoader())) {
                if (accelerator.engineName().equals(engineName)) {
                    return accelerator;
                }
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new NotAcceleratedException(
                    "engine", "what accelerates " + engineName + " cannot be loaded: " + e, e);
        }
        throw new NotAcceleratedException(
                "engine", "nothing is known that accelerates " + engineName);
    }
}
