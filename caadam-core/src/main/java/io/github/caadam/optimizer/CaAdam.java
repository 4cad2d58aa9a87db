package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import io.github.caadam.internal.Description;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Connection-aware Adam: Adam whose learning rate is multiplied, for each parameter, by a factor
 * {@code S} that depends on where the parameter sits in the network (Eq. 22 of <em>CaAdam:
 * Improving Adam optimizer using connection aware methods</em>, Genet and Inzirillo):
 *
 * <pre>θ ← θ − α·S·m̂/(√v̂+ε)</pre>
 *
 * <p>It runs on the engine's own Adam kernel. With {@link ScalingStrategy#none()} and the other
 * defaults it computes, bit for bit, what {@link ai.djl.training.optimizer.Adam} computes; with
 * {@link Builder#optDecoupledWeightDecay} and no exclusions as well, what {@link
 * ai.djl.training.optimizer.AdamW} computes.
 *
 * <p>The block's structure is read at the first update, as the block is usually not initialized
 * when the optimizer is built, and read again in the first step after parameters were frozen or
 * unfrozen: the factors are always those of the network that is being trained.
 */
public final class CaAdam extends StatefulOptimizer {

    private static final String SCALING = "scaling";
    private static final String CONVENTION = "convention";

    private final ScalingFactors factors;

    private CaAdam(Builder builder) {
        super(builder, Algorithm.ADAM);
        factors = new ScalingFactors(builder.block, builder.wholeScaling(), builder.convention);
    }

    @Override
    float scale(float rate, String parameterId, NDArray gradient) {
        return factors.scale(rate, parameterId, gradient);
    }

    @Override
    double factor(String parameterId) {
        return factors.factor(parameterId);
    }

    @Override
    public boolean isPlannable() {
        return !factors.scaling().isGradientAware();
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put(SCALING, factors.scaling().describe());
        description.put(CONVENTION, factors.convention().name());
        description.putAll(super.describe());
        return Collections.unmodifiableMap(description);
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

        private final Map<String, Double> factorOverrides = new LinkedHashMap<>();
        private UnaryOperator<ScalingStrategy> factorBounds = UnaryOperator.identity();
        private ScalingStrategy scaling;
        private StructureConvention convention = StructureConvention.PAPER;

        private Builder() {
            super(1e-8f);
        }

        /**
         * Sets the network that is trained; it need not be initialized yet.
         *
         * @param block the network
         * @return this builder
         */
        public Builder setBlock(Block block) {
            this.block = block;
            return this;
        }

        /**
         * Sets the formula of the factors.
         *
         * @param scaling the strategy
         * @return this builder
         */
        public Builder setScaling(ScalingStrategy scaling) {
            this.scaling = scaling;
            return this;
        }

        /**
         * Sets how connections and depth are counted (default {@link StructureConvention#PAPER}).
         *
         * @param convention the convention
         * @return this builder
         */
        public Builder optConvention(StructureConvention convention) {
            this.convention = Objects.requireNonNull(convention, CONVENTION);
            return this;
        }

        /**
         * Sets a floor and a ceiling of the factors (default: none).
         *
         * @param floor the smallest factor, 0 or more
         * @param ceiling the largest factor, finite, not below the floor
         * @return this builder
         * @see ScalingStrategy#bounded
         */
        public Builder optFactorBounds(double floor, double ceiling) {
            factorBounds = strategy -> strategy.bounded(floor, ceiling);
            return this;
        }

        /**
         * Sets the factor of some parameters by name, whatever strategy and bounds say. Of several
         * that match a parameter, the last one counts.
         *
         * @param pathPattern a regular expression, found anywhere in a parameter's path, such as
         *     {@code "_bias$"}
         * @param factor the factor; finite, 0 or more
         * @return this builder
         * @see ScalingStrategy#overriding
         */
        public Builder optFactorOverride(String pathPattern, double factor) {
            factorOverrides.remove(pathPattern);
            factorOverrides.put(pathPattern, factor);
            return this;
        }

        private ScalingStrategy wholeScaling() {
            if (scaling == null) {
                return null;
            }
            ScalingStrategy whole = factorBounds.apply(scaling);
            for (Map.Entry<String, Double> override : factorOverrides.entrySet()) {
                whole = whole.overriding(override.getKey(), override.getValue());
            }
            return whole;
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
         * Sets whether the largest second moment so far stands in the denominator (default no); see
         * {@link Algorithm#ADAM}.
         *
         * @param amsgrad whether it does
         * @return this builder
         */
        public Builder optAmsgrad(boolean amsgrad) {
            this.amsgrad = amsgrad;
            return this;
        }

        @Override
        void read(Description description) {
            factorOverrides.clear();
            factorBounds = UnaryOperator.identity();
            scaling = ScalingStrategy.fromDescription(description.nested(SCALING).values());
            convention = description.constant(CONVENTION, StructureConvention.class);
            epsilonPlacement = description.constant("epsilonPlacement", EpsilonPlacement.class);
            amsgrad = description.flag("amsgrad");
            super.read(description);
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if no block or no scaling was set, the learning rate is
         *     not above 0, or an option is outside its range or contradicts another
         */
        public CaAdam build() {
            return new CaAdam(this);
        }

        @Override
        Algorithm algorithm() {
            return Algorithm.ADAM;
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
