// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adafactor (Shazeer and Stern, <em>Adafactor: Adaptive Learning Rates with Sublinear Memory
 * Cost</em>, 2018, Algorithm 6 without momentum), as {@code torch.optim.Adafactor}: for large
 * matrices, of whose second moments it keeps sums of rows and of columns only. With the gradient
 * {@code g} of the step {@code t}, a matrix {@code θ} and {@code rms(x) = √mean(x²)}:
 *
 * <pre>
 *   ρ = min(α, 1/√t)                            α' = max(ε₂, rms(θ))·ρ·S
 *   R ← R + t^c·(mean of the rows of g² − R)    C ← C + t^c·(mean of the columns of g² − C)
 *   V = RC / max(mean(R), ε₁)                   u = g/√max(V, ε₁²)
 *   θ ← θ − α'·u/max(1, rms(u)/d)
 * </pre>
 *
 * <p>An array of more than two dimensions is a stack of matrices, of its last two. What has one or
 * none keeps the whole of its second moment as {@code V}. Each parameter steps relative to its own
 * size, biases too; {@link io.github.caadam.scaling.ScalingStrategy#relativeStep} makes that a
 * matter of layers, for any optimizer. Decoupled decay is {@code αλθ}. It needs the network.
 *
 * <pre>{@code
 * Optimizer optimizer = Adafactor.builder().optBlock(model.getBlock()).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Adafactor extends StatefulOptimizer {

    private Adafactor(Builder builder) {
        super(
                builder,
                new Rule(
                        builder.beta2Decay,
                        builder.epsilon1,
                        builder.epsilon2,
                        builder.clipThreshold,
                        true));
    }

    /** Of matrices, which says that vectors follow the same without factors. */
    private record Rule(
            float beta2Decay,
            float epsilon1,
            float epsilon2,
            float clipThreshold,
            boolean isFactored)
            implements UpdateRule {

        private static final String NAME = "adafactor";
        private static final String ROWS = "row_second_moment";
        private static final String COLUMNS = "column_second_moment";
        private static final String WHOLE = "second_moment";

        private Rule {
            Ranges.requireNotPositive("beta2 decay", beta2Decay);
            Ranges.requirePositive("epsilon1", epsilon1);
            Ranges.requireNotNegative("epsilon2", epsilon2);
            Ranges.requirePositive("clip threshold", clipThreshold);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("beta2Decay", Ranges.decimal(beta2Decay));
            description.put("epsilon1", Ranges.decimal(epsilon1));
            description.put("epsilon2", Ranges.decimal(epsilon2));
            description.put("clipThreshold", Ranges.decimal(clipThreshold));
            return description;
        }

        @Override
        public List<Slot> slots() {
            return isFactored
                    ? List.of(
                            Moments.denominator(epsilon1, ROWS).of(Slot.Part.ROWS),
                            Moments.denominator(epsilon1, COLUMNS).of(Slot.Part.COLUMNS))
                    : List.of(Moments.denominator(epsilon1, WHOLE));
        }

        @Override
        public List<UpdateRule> rules() {
            return List.of(this, unfactored());
        }

        private Rule unfactored() {
            return new Rule(beta2Decay, epsilon1, epsilon2, clipThreshold, false);
        }

        @Override
        public UpdateRule ruleOf(ParameterStructure parameter, NetworkStructure network) {
            return parameter.shape().dimension() > 1 ? this : unfactored();
        }

        /** The size of the weights is that before they decay. */
        @Override
        public boolean takesDecay() {
            return true;
        }

        @Override
        public void update(Step s) {
            Operand size = s.clampMin(rms(s, s.weights()), epsilon2);
            if (s.decays()) {
                Scalar decay = s.number(n -> -(double) n.baseRate() * n.weightDecay());
                s.addInPlace(s.weights(), s.weights(), decay);
            }
            Operand variance = s.clampMin(variance(s), (double) epsilon1 * epsilon1);
            Operand update = s.div(s.gradients(), s.sqrt(variance));
            Operand length = s.mul(rms(s, update), s.constant(1.0 / clipThreshold));
            Operand clipped = s.div(update, s.clampMin(length, 1));
            s.addInPlace(s.weights(), s.mul(clipped, size), s.number(n -> -rate(n)));
        }

        private Operand variance(Step s) {
            Operand squares = s.mul(s.gradients(), s.gradients());
            Scalar share = s.number(n -> Math.pow(n.step(), beta2Decay));
            if (!isFactored) {
                s.lerpInPlace(s.slot(WHOLE), squares, share);
                return s.slot(WHOLE);
            }
            Operand rows = s.slot(ROWS);
            Operand columns = s.slot(COLUMNS);
            s.lerpInPlace(rows, s.meanOfRows(squares), share);
            s.lerpInPlace(columns, s.meanOfColumns(squares), share);
            return s.div(s.mul(rows, columns), s.clampMin(s.meanOfColumns(rows), epsilon1));
        }

        private static Operand rms(Step s, Operand a) {
            return s.sqrt(s.mean(s.mul(a, a)));
        }

        /** A factor multiplies what is left of the rate. */
        private static double rate(StepNumbers n) {
            double scheduled = n.scheduledRate();
            double relative = scheduled == 0 ? 0 : n.rate() / scheduled;
            return Math.min(scheduled, 1 / Math.sqrt(n.step())) * relative;
        }
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds an {@link Adafactor}. The block must be set. The learning rate is 0.01 by default. */
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private float beta2Decay = -0.8f;
        private float epsilon1 = 0x1p-23f;
        private float epsilon2 = 1e-3f;
        private float clipThreshold = 1;

        private Builder() {
            defaultLearningRate(0.01f);
        }

        /**
         * Sets the power of the step that a new square counts by (default −0.8).
         *
         * @param decay {@code c}, 0 or less
         * @return this builder
         */
        public Builder optBeta2Decay(float decay) {
            this.beta2Decay = decay;
            return this;
        }

        /**
         * Sets the smallest root of a second moment (default 2⁻²³, the relative rounding of single
         * precision, as in PyTorch for such weights).
         *
         * @param epsilon1 {@code ε₁}, above 0
         * @return this builder
         */
        public Builder optEpsilon1(float epsilon1) {
            this.epsilon1 = epsilon1;
            return this;
        }

        /**
         * Sets the smallest size of a parameter that steps are relative to (default 0.001).
         *
         * @param epsilon2 {@code ε₂}, 0 or more
         * @return this builder
         */
        public Builder optEpsilon2(float epsilon2) {
            this.epsilon2 = epsilon2;
            return this;
        }

        /**
         * Sets the root mean square that an update is clipped to (default 1).
         *
         * @param threshold {@code d}, above 0; PyTorch takes 1 or more
         * @return this builder
         */
        public Builder optClipThreshold(float threshold) {
            this.clipThreshold = threshold;
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            beta2Decay = description.floatNumber("beta2Decay");
            epsilon1 = description.floatNumber("epsilon1");
            epsilon2 = description.floatNumber("epsilon2");
            clipThreshold = description.floatNumber("clipThreshold");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if no block was set, or an option is outside its range
         *     or contradicts another
         */
        public Adafactor build() {
            return new Adafactor(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
