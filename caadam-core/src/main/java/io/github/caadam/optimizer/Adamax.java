package io.github.caadam.optimizer;

import ai.djl.nn.Block;

/**
 * Adamax, which DJL lacks: the variant of Adam on the infinity norm, with Keras' definition and
 * defaults; see {@link Algorithm#ADAMAX}.
 *
 * <pre>{@code
 * Optimizer optimizer = Adamax.builder().optLearningRateTracker(Tracker.fixed(2e-3f)).build();
 * }</pre>
 */
public final class Adamax extends StatefulOptimizer {

    private Adamax(Builder builder) {
        super(builder, Algorithm.ADAMAX);
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds an {@link Adamax}. */
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
        public Adamax build() {
            return new Adamax(this);
        }

        @Override
        Algorithm algorithm() {
            return Algorithm.ADAMAX;
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
