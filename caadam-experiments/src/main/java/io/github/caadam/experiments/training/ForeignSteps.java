// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.ArrayStep;

/**
 * Does around the steps of an optimizer that knows DJL only what those of DJL's own do by
 * themselves, in PyTorch's native code.
 *
 * <ul>
 *   <li>A step ends with gradients of zeros. PyTorch adds each backward pass to them, and neither
 *       DJL's trainer nor its gradient collector zeroes them (DJL 0.36.0), so that an optimizer
 *       that does not would be given the sum of all gradients since the start.
 *   <li>Weights take a step in place. PyTorch refuses that where they require gradients, as those
 *       of a TorchScript file always do, in threads other than the one that loaded the engine.
 * </ul>
 */
final class ForeignSteps extends Optimizer {

    private final Optimizer optimizer;

    /**
     * Wraps an optimizer, unless it is the library's or DJL's own.
     *
     * @param optimizer the optimizer, which its maker closes
     */
    static Optimizer around(Optimizer optimizer) {
        boolean isKnown =
                optimizer instanceof StatefulOptimizer
                        || optimizer
                                .getClass()
                                .getPackageName()
                                .equals(Optimizer.class.getPackageName());
        return isKnown ? optimizer : new ForeignSteps(optimizer);
    }

    private ForeignSteps(Optimizer optimizer) {
        super(new Builder());
        this.optimizer = optimizer;
    }

    @Override
    public void update(String parameterId, NDArray weight, NDArray gradient) {
        try (NDArray values = weight.stopGradient()) {
            optimizer.update(parameterId, values, gradient);
        }
        if (weight.hasGradient()) {
            ArrayStep.zeroGradient(weight); // What the optimizer was given is a copy.
        }
    }

    /** DJL's base class takes its numbers from a builder; these are not used. */
    private static final class Builder extends OptimizerBuilder<Builder> {

        @Override
        protected Builder self() {
            return this;
        }
    }
}
