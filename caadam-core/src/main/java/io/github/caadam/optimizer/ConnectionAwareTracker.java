// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.nn.Block;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.Objects;

/**
 * Multiplies the learning rate of another tracker by the scaling factor of each parameter. This
 * makes DJL's own optimizers connection-aware:
 *
 * <pre>{@code
 * Optimizer.adamW()
 *         .optLearningRateTracker(
 *                 ConnectionAwareTracker.builder()
 *                         .setBlock(model.getBlock())
 *                         .setScaling(ScalingStrategy.depth())
 *                         .optTracker(Tracker.fixed(1e-3f))
 *                         .build())
 *         .build();
 * }</pre>
 *
 * <p>DJL's Adam with this tracker computes exactly what {@link CaAdam} computes with the same
 * settings and {@link EpsilonPlacement#UNCORRECTED}. With {@link ai.djl.training.optimizer.AdamW}
 * the decay is scaled too, as that optimizer multiplies it by the same rate; {@link CaAdam} leaves
 * it unscaled, as the published package does.
 *
 * <p>On PyTorch, DJL's {@code Sgd}, {@code Adam} and {@code AdamW} run. Its {@code Nag}, {@code
 * RmsProp}, {@code Adagrad} and {@code Adadelta} throw {@link UnsupportedOperationException} in
 * their first step, with this tracker or without.
 *
 * @since 0.1.0
 */
public final class ConnectionAwareTracker implements ParameterTracker {

    private final ParameterTracker tracker;
    private final TrainedNetwork network;
    private int latestUpdate = -1;

    private ConnectionAwareTracker(Builder builder) {
        tracker = builder.tracker;
        network =
                new TrainedNetwork(
                        builder.block,
                        builder.scaling,
                        builder.convention,
                        DecayExclusions.matching());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the block has no trainable parameter with the id, or was not
     *     initialized yet
     */
    @Override
    public synchronized float getNewValue(String parameterId, int numUpdate) {
        if (numUpdate != latestUpdate) {
            network.refresh();
            latestUpdate = numUpdate;
        }
        network.requireKnown(parameterId);
        return (float) (tracker.getNewValue(parameterId, numUpdate) * network.factor(parameterId));
    }

    /** Returns the configuration in words. */
    @Override
    public String toString() {
        return "ConnectionAwareTracker(scaling="
                + network.scaling()
                + ", convention="
                + network.convention()
                + ")";
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link ConnectionAwareTracker}. */
    public static final class Builder {

        private Block block;
        private ScalingStrategy scaling;
        private StructureConvention convention = StructureConvention.PAPER;
        private ParameterTracker tracker = Tracker.fixed(0.001f);

        private Builder() {}

        /**
         * Sets the network that is trained; it need not be initialized yet.
         *
         * @param block the network
         * @return this builder
         */
        public Builder setBlock(Block block) {
            this.block = Objects.requireNonNull(block, "block");
            return this;
        }

        /**
         * Sets the formula of the factors.
         *
         * @param scaling the strategy
         * @return this builder
         */
        public Builder setScaling(ScalingStrategy scaling) {
            this.scaling = Objects.requireNonNull(scaling, "scaling");
            return this;
        }

        /**
         * Sets how connections and depth are counted (default {@link StructureConvention#PAPER}).
         *
         * @param convention the convention
         * @return this builder
         */
        public Builder optConvention(StructureConvention convention) {
            this.convention = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /**
         * Sets the tracker whose rate is scaled (default: a fixed 0.001).
         *
         * @param tracker the tracker
         * @return this builder
         */
        public Builder optTracker(ParameterTracker tracker) {
            this.tracker = Objects.requireNonNull(tracker, "tracker");
            return this;
        }

        /**
         * Builds the tracker.
         *
         * @return the tracker
         * @throws IllegalArgumentException if no block or no scaling was set, or the scaling looks
         *     at gradients or weights
         */
        public ConnectionAwareTracker build() {
            if (block == null || scaling == null) {
                throw new IllegalArgumentException(
                        "A connection-aware tracker needs the network that is trained and a"
                                + " scaling: call setBlock(model.getBlock()) and setScaling(...).");
            }
            if (scaling.isGradientAware()) {
                throw new IllegalArgumentException(
                        "The scaling "
                                + scaling
                                + " looks at gradients, which a learning-rate tracker does not see;"
                                + " use CaAdam.");
            }
            if (scaling.isWeightAware()) {
                throw new IllegalArgumentException(
                        "The scaling "
                                + scaling
                                + " follows the weights, which a learning-rate tracker does not"
                                + " see; use an optimizer of this library.");
            }
            return new ConnectionAwareTracker(this);
        }
    }
}
