// SPDX-License-Identifier: Apache-2.0
package com.acme;

import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;

/** Plain descent, as somebody may write it who knows DJL only; a test packs it into a jar. */
public final class Descent extends Optimizer {

    private final Tracker learningRate;

    private Descent(Builder builder) {
        super(builder);
        learningRate = builder.learningRate;
    }

    @Override
    public void update(String id, NDArray weight, NDArray gradient) {
        weight.subi(gradient.mul(learningRate.getNewValue(updateCount(id))));
    }

    /** Starts a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Its builder. */
    public static final class Builder extends OptimizerBuilder<Builder> {

        private Tracker learningRate;

        /** Sets the learning rate. */
        public Builder setLearningRateTracker(Tracker tracker) {
            learningRate = tracker;
            return this;
        }

        @Override
        protected Builder self() {
            return this;
        }

        /** Builds the optimizer. */
        public Descent build() {
            return new Descent(this);
        }
    }
}
