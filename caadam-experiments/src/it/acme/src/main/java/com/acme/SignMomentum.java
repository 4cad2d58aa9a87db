package com.acme;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Steps of one size, in the direction of the mean gradient's sign. */
public final class SignMomentum extends Optimizer {

    private final Tracker learningRate;
    private final float beta;
    private final Map<String, Map<Device, NDArray>> means = new ConcurrentHashMap<>();

    private SignMomentum(Builder builder) {
        super(builder);
        learningRate = builder.learningRate;
        beta = builder.beta;
    }

    @Override
    public void update(String id, NDArray weight, NDArray gradient) {
        float rate = learningRate.getNewValue(updateCount(id));
        NDArray mean = withDefaultState(means, id, weight.getDevice(), key -> weight.zerosLike());
        mean.muli(beta).addi(gradient.mul(1 - beta));
        weight.subi(mean.sign().addi(weight.mul(getWeightDecay())).muli(rate));
    }

    public static Builder builder() {
        return new Builder();
    }

    public static final class Builder extends OptimizerBuilder<Builder> {

        private Tracker learningRate;
        private float beta = 0.9f;

        public Builder setLearningRateTracker(Tracker tracker) {
            learningRate = tracker;
            return this;
        }

        public Builder optBeta(float value) {
            beta = value;
            return this;
        }

        @Override
        protected Builder self() {
            return this;
        }

        public SignMomentum build() {
            return new SignMomentum(this);
        }
    }
}
