package io.github.caadam.optimizer;

import ai.djl.nn.Block;

/**
 * Nadam, which DJL lacks: Adam with Nesterov momentum, with Keras' definition, momentum schedule
 * and defaults; see {@link Algorithm#NADAM}.
 *
 * <pre>{@code
 * Optimizer optimizer = Nadam.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
 * }</pre>
 */
public final class Nadam extends StatefulOptimizer {

    private Nadam(Builder builder) {
        super(builder, Algorithm.NADAM);
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link Nadam}. */
    public static final class Builder extends StatefulOptimizer.Builder<Builder> {

        private Builder() {
            super(1e-7f);
        }

        /**
         * Sets the network that is trained, which saving the state, and a weight decay that
         * excludes parameters, need; it need not be initialized yet.
         *
         * @param block the network
         * @return this builder
         */
        public Builder optBlock(Block block) {
            this.block = block;
            return this;
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if an option is outside its range or contradicts another
         */
        public Nadam build() {
            return new Nadam(this);
        }

        @Override
        Algorithm algorithm() {
            return Algorithm.NADAM;
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
