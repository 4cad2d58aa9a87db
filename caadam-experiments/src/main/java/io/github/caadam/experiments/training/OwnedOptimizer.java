// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.plugin.OptimizerFactory;

/** Frees what an optimizer holds, if it holds anything. */
record OwnedOptimizer(Optimizer optimizer) implements AutoCloseable {

    /** An optimizer without a learning rate has a schedule of factors, if it asks for it at all. */
    static double baseLearningRate(Component optimizer) {
        Object rate = optimizer.options().asMap().get(OptimizerFactory.LEARNING_RATE);
        return rate instanceof Number number ? number.doubleValue() : 1;
    }

    @Override
    public void close() {
        if (optimizer instanceof AutoCloseable owner) {
            try {
                owner.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("The optimizer could not be closed.", e);
            }
        }
    }
}
