// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.TrainingConfig;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.PairList;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.ArrayStep;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

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

    /** Returns what was wrapped; an optimizer that was not, as it is. */
    static Optimizer within(Optimizer optimizer) {
        return optimizer instanceof ForeignSteps steps ? steps.optimizer : optimizer;
    }

    /** Returns a configuration whose optimizer is wrapped, unless it need not be. */
    static TrainingConfig around(TrainingConfig config) {
        Optimizer wrapped = around(config.getOptimizer());
        return wrapped == config.getOptimizer() ? config : new Wrapped(config, wrapped);
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

    /**
     * A configuration with another optimizer.
     *
     * @param config the configuration
     * @param optimizer the optimizer
     */
    private record Wrapped(TrainingConfig config, Optimizer optimizer) implements TrainingConfig {

        @Override
        public Device[] getDevices() {
            return config.getDevices();
        }

        @Override
        public PairList<Initializer, Predicate<Parameter>> getInitializers() {
            return config.getInitializers();
        }

        @Override
        public Optimizer getOptimizer() {
            return optimizer;
        }

        @Override
        public Loss getLossFunction() {
            return config.getLossFunction();
        }

        @Override
        public ExecutorService getExecutorService() {
            return config.getExecutorService();
        }

        @Override
        public List<Evaluator> getEvaluators() {
            return config.getEvaluators();
        }

        @Override
        public List<TrainingListener> getTrainingListeners() {
            return config.getTrainingListeners();
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
