// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.nn.Block;
import io.github.caadam.internal.Description;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.Objects;

/**
 * Connection-aware Adam: Adam whose learning rate {@code α} is multiplied, for each parameter, by a
 * factor {@code S} that depends on where the parameter sits in the network (<em>CaAdam: Improving
 * Adam optimizer using connection aware methods</em>, Genet and Inzirillo). By default a step is
 *
 * <pre>
 * m ← β₁m + (1−β₁)g
 * v ← β₂v + (1−β₂)g²
 * θ ← θ − α·S·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v+ε)</pre>
 *
 * <p>as the published package, Keras and DJL compute it. {@link EpsilonPlacement#BIAS_CORRECTED}
 * gives Eq. 22 of the paper, {@code θ ← θ − α·S·m̂/(√v̂+ε)}. With {@link Builder#optAmsgrad} the
 * largest {@code v} so far stands in the denominator (Reddi, Kale and Kumar, <em>On the Convergence
 * of Adam and Beyond</em>, 2018), as in Keras and PyTorch.
 *
 * <p>It runs on the engine's own Adam kernel. With {@link ScalingStrategy#none()} and the other
 * defaults it computes, bit for bit, what {@link ai.djl.training.optimizer.Adam} computes; with
 * {@link Builder#optDecoupledWeightDecay} and no exclusions as well, what {@link
 * ai.djl.training.optimizer.AdamW} computes.
 *
 * <p>The block's structure is read at the first update, as the block is usually not initialized
 * when the optimizer is built, and read again in the first step after parameters were frozen or
 * unfrozen: the factors are always those of the network that is being trained.
 *
 * @since 0.1.0
 */
public final class CaAdam extends StatefulOptimizer {

    private CaAdam(Builder builder) {
        super(builder, builder.rule());
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link CaAdam}. */
    public static final class Builder extends StatefulOptimizer.Builder<Builder> {

        private float beta1 = 0.9f;
        private float beta2 = 0.999f;
        private float epsilon = 1e-8f;
        private EpsilonPlacement epsilonPlacement = EpsilonPlacement.UNCORRECTED;
        private boolean amsgrad;

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
         * Sets the decay of the first moment (default 0.9).
         *
         * @param beta1 {@code β₁}, in [0, 1)
         * @return this builder
         */
        public Builder optBeta1(float beta1) {
            this.beta1 = beta1;
            return this;
        }

        /**
         * Sets the decay of the second moment (default 0.999).
         *
         * @param beta2 {@code β₂}, in [0, 1)
         * @return this builder
         */
        public Builder optBeta2(float beta2) {
            this.beta2 = beta2;
            return this;
        }

        /**
         * Sets {@code ε} (default 1e-8, as in the paper).
         *
         * @param epsilon {@code ε}, above 0
         * @return this builder
         */
        public Builder optEpsilon(float epsilon) {
            this.epsilon = epsilon;
            return this;
        }

        /**
         * Sets where {@code ε} is added (default {@link EpsilonPlacement#UNCORRECTED}, as in DJL's
         * Adam).
         *
         * @param epsilonPlacement the placement
         * @return this builder
         */
        public Builder optEpsilonPlacement(EpsilonPlacement epsilonPlacement) {
            this.epsilonPlacement = Objects.requireNonNull(epsilonPlacement, "epsilonPlacement");
            return this;
        }

        /**
         * Sets whether the largest second moment so far stands in the denominator (default no).
         *
         * @param amsgrad whether it does
         * @return this builder
         */
        public Builder optAmsgrad(boolean amsgrad) {
            this.amsgrad = amsgrad;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", AdamRule.NAME);
            if (scaling == null) {
                throw description.wrong("scaling", "a strategy; CaAdam has one, be it \"none\"");
            }
            beta1 = description.floatNumber("beta1");
            beta2 = description.floatNumber("beta2");
            epsilon = description.floatNumber("epsilon");
            epsilonPlacement = description.constant("epsilonPlacement", EpsilonPlacement.class);
            amsgrad = description.flag("amsgrad");
        }

        private AdamRule rule() {
            if (block == null) {
                throw new IllegalArgumentException(
                        "No block was set: call setBlock(model.getBlock()) with the network that"
                                + " is trained.");
            }
            if (scaling == null) {
                throw new IllegalArgumentException(
                        "No scaling was set: call setScaling(...), for instance with"
                                + " ScalingStrategy.multiplicative().");
            }
            return new AdamRule(new Betas(beta1, beta2, epsilon), epsilonPlacement, amsgrad);
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if no block or no scaling was set, a fixed learning rate
         *     is not above 0, or an option is outside its range or contradicts another
         */
        public CaAdam build() {
            return new CaAdam(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
