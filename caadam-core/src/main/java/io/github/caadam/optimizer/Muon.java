// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.internal.Description;
import io.github.caadam.rule.NewtonSchulz;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Muon (Jordan et al., <em>Muon: An optimizer for hidden layers in neural networks</em>, 2024), as
 * {@code torch.optim.Muon}, beside AdamW for all that is no hidden matrix. With the gradient {@code
 * g}, the momentum {@code B}, rate {@code α·S} and decay {@code μ}, a step of a matrix of {@code m}
 * rows and {@code n} columns is
 *
 * <pre>
 *   B ← μB + (1−μ)g
 *   u = (1−μ)g + μB             with Nesterov momentum, else B
 *   O = NS(u)                   an orthogonal matrix near to u, by Newton–Schulz iterations
 *   θ ← θ − αS·r(m, n)·O
 * </pre>
 *
 * <p>All singular values of a step are so about 1: every direction in which a layer can move counts
 * alike. {@code r} is an {@link Adjustment} to the shape. Decoupled decay comes before, as in each
 * optimizer here.
 *
 * <p>The matrices that Muon moves are weights of rank 2 or more; a convolution is one of filters by
 * all else, as its authors have it. AdamW moves biases and normalisations; and, as they advise, the
 * first and the last layers of the network and look-ups (embeddings, and layers of one input),
 * unless {@link Builder#optAdamParameters} says otherwise. So an MLP of two layers has nothing for
 * Muon. {@link #isMatrix} says what it moves. Frozen layers count as if they were trained, so that
 * no parameter changes its rule.
 *
 * <pre>{@code
 * Optimizer optimizer = Muon.builder().optBlock(model.getBlock()).build();
 * }</pre>
 *
 * <p>PyTorch iterates in bfloat16, which is two to three digits; this does in the number type of
 * the weights. Keras adds {@code ε} to the norm in front, where PyTorch and this take the larger.
 * Keras gives all but matrices of rank 2 to AdamW, which {@code optAdamParameters} with a pattern
 * of the convolutions' paths does here.
 *
 * @since 0.1.0
 */
public final class Muon extends StatefulOptimizer {

    private static final float DEFAULT_DECAY = 0.1f;

    private final Rule rule;

    private Muon(Builder builder) {
        this(builder, builder.rule());
    }

    private Muon(Builder builder, Rule rule) {
        super(builder, rule);
        this.rule = rule;
    }

    /**
     * How the learning rate of a matrix depends on its {@code m} rows (units, filters) and {@code
     * n} columns.
     */
    public enum Adjustment {
        /** {@code √max(1, m/n)}, as the authors' implementation and PyTorch have by default. */
        ORIGINAL {
            @Override
            double factor(double rows, double columns) {
                return Math.sqrt(Math.max(1, rows / columns));
            }
        },

        /**
         * {@code 0.2·√max(m, n)} (Liu et al., <em>Muon is Scalable for LLM Training</em>, 2025),
         * which gives steps the root mean square that Adam's have, so that its learning rates and
         * decays can be kept; the default of Keras.
         */
        MATCH_RMS_ADAMW {
            @Override
            double factor(double rows, double columns) {
                return 0.2 * Math.sqrt(Math.max(rows, columns));
            }
        },

        /** 1: the learning rate as it is. */
        NONE {
            @Override
            double factor(double rows, double columns) {
                return 1;
            }
        };

        abstract double factor(double rows, double columns);
    }

    /**
     * Which weights AdamW moves.
     *
     * @param isDefault whether they are the first and last layers and look-ups
     * @param patterns otherwise, regular expressions of their paths
     */
    private record AdamParameters(boolean isDefault, List<Pattern> patterns) {

        private static final String DEFAULT = "first, last and look-ups";

        private static final AdamParameters OF_ORIGIN = new AdamParameters(true, List.of());

        private static AdamParameters matching(List<String> patterns) {
            return new AdamParameters(false, patterns.stream().map(Pattern::compile).toList());
        }

        private static AdamParameters read(Description description, String key) {
            if (!description.has(key) || DEFAULT.equals(description.values().get(key))) {
                return OF_ORIGIN;
            }
            String expected = "a list of regular expressions or \"" + DEFAULT + '"';
            if (!(description.values().get(key) instanceof List<?>)) {
                throw description.wrong(key, expected);
            }
            try {
                return matching(description.texts(key));
            } catch (PatternSyntaxException e) {
                throw (IllegalArgumentException) description.wrong(key, expected).initCause(e);
            }
        }

        private Object describe() {
            return isDefault ? DEFAULT : patterns.stream().map(Pattern::pattern).toList();
        }

        private boolean has(ParameterStructure parameter, NetworkStructure network) {
            if (!isDefault) {
                return patterns.stream().anyMatch(p -> p.matcher(parameter.path()).find());
            }
            return parameter.depth() == 0
                    || parameter.depth() == network.totalDepth() - 1
                    || parameter.fanIn() == 1;
        }
    }

    private record Rule(
            float momentum,
            boolean nesterov,
            NewtonSchulz iteration,
            Adjustment adjustment,
            AdamRule adam,
            float adamRateRatio,
            AdamParameters adamParameters)
            implements UpdateRule {

        private static final String NAME = "muon";
        private static final String MOMENTUM = "momentum";

        private Rule {
            Ranges.requireBeta(MOMENTUM, momentum);
            Ranges.requireNotNegative("adam rate ratio", adamRateRatio);
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Map<String, Object> describe() {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put(MOMENTUM, Ranges.decimal(momentum));
            description.put("nesterov", nesterov);
            description.put("coefficientA", iteration.a());
            description.put("coefficientB", iteration.b());
            description.put("coefficientC", iteration.c());
            description.put("steps", iteration.steps());
            description.put("epsilon", iteration.epsilon());
            description.put("adjustment", adjustment.name());
            description.put("adamBeta1", Ranges.decimal(adam.betas().beta1()));
            description.put("adamBeta2", Ranges.decimal(adam.betas().beta2()));
            description.put("adamEpsilon", Ranges.decimal(adam.betas().epsilon()));
            description.put("adamEpsilonPlacement", adam.epsilonPlacement().name());
            description.put("adamRateRatio", Ranges.decimal(adamRateRatio));
            description.put("adamParameters", adamParameters.describe());
            return description;
        }

        @Override
        public List<Slot> slots() {
            return List.of(Moments.velocity(MOMENTUM));
        }

        @Override
        public List<UpdateRule> rules() {
            return List.of(this, beside());
        }

        private UpdateRule beside() {
            return new Beside(adam, adamRateRatio);
        }

        @Override
        public UpdateRule ruleOf(ParameterStructure parameter, NetworkStructure network) {
            return isMatrix(parameter, network) ? this : beside();
        }

        private boolean isMatrix(ParameterStructure parameter, NetworkStructure network) {
            return parameter.isWeight() && !adamParameters.has(parameter, network);
        }

        @Override
        public double rateFactor(Shape shape) {
            double rows = Math.max(1, shape.get(0));
            return adjustment.factor(rows, shape.size() / rows);
        }

        @Override
        public void update(Step s) {
            Operand average = s.slot(MOMENTUM);
            s.lerpInPlace(average, s.gradients(), 1.0 - momentum);
            Operand direction = nesterov ? s.lerp(s.gradients(), average, momentum) : average;
            s.addInPlace(
                    s.weights(), s.orthogonalize(direction, iteration), s.number(n -> -n.rate()));
        }
    }

    /** AdamW, at a rate of its own. */
    private record Beside(AdamRule adam, float rateRatio) implements UpdateRule {

        @Override
        public String name() {
            return adam.name();
        }

        @Override
        public List<Slot> slots() {
            return adam.slots();
        }

        @Override
        public double rateFactor(Shape shape) {
            return rateRatio;
        }

        @Override
        public void update(Step s) {
            adam.update(s);
        }
    }

    /**
     * Returns whether Muon moves a parameter; otherwise AdamW does.
     *
     * @param parameter the parameter
     * @param network its network, by {@link io.github.caadam.structure.StructureConvention#PAPER},
     *     with what is frozen: {@link io.github.caadam.structure.StructureInspector#inspectWhole}
     * @return whether it does
     */
    public boolean isMatrix(ParameterStructure parameter, NetworkStructure network) {
        return rule.isMatrix(parameter, network);
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Builds a {@link Muon}. The block must be set. The learning rate is 0.001, the decoupled decay
     * 0.1 by default.
     */
    public static final class Builder extends StatefulOptimizer.ScalableBuilder<Builder> {

        private float momentum = 0.95f;
        private boolean nesterov = true;
        private double[] coefficients = {3.4445, -4.7750, 2.0315};
        private int steps = 5;
        private double epsilon = 1e-7;
        private Adjustment adjustment = Adjustment.ORIGINAL;
        private float adamBeta1 = 0.9f;
        private float adamBeta2 = 0.999f;
        private float adamEpsilon = 1e-8f;
        private EpsilonPlacement adamEpsilonPlacement = EpsilonPlacement.BIAS_CORRECTED;
        private float adamRateRatio = 1;
        private AdamParameters adamParameters = AdamParameters.OF_ORIGIN;

        private Builder() {
            optDecoupledWeightDecay(DEFAULT_DECAY);
        }

        private Rule rule() {
            Ranges.requireBeta("adam beta1", adamBeta1);
            Ranges.requireBeta("adam beta2", adamBeta2);
            Ranges.requirePositive("adam epsilon", adamEpsilon);
            return new Rule(
                    momentum,
                    nesterov,
                    new NewtonSchulz(
                            coefficients[0], coefficients[1], coefficients[2], steps, epsilon),
                    adjustment,
                    new AdamRule(
                            new Betas(adamBeta1, adamBeta2, adamEpsilon),
                            adamEpsilonPlacement,
                            false),
                    adamRateRatio,
                    adamParameters);
        }

        /**
         * Sets the decay of the momentum (default 0.95).
         *
         * @param momentum {@code μ}, in [0, 1)
         * @return this builder
         */
        public Builder optMomentum(float momentum) {
            this.momentum = momentum;
            return this;
        }

        /**
         * Sets whether momentum is Nesterov's (default yes).
         *
         * @param nesterov whether it is
         * @return this builder
         */
        public Builder optNesterov(boolean nesterov) {
            this.nesterov = nesterov;
            return this;
        }

        /**
         * Sets the coefficients of the iterations (default 3.4445, −4.7750, 2.0315).
         *
         * @param coefficients three: of {@code X}, of {@code XXᵀX} and of {@code (XXᵀ)²X}
         * @return this builder
         * @throws IllegalArgumentException if they are not three
         * @see NewtonSchulz
         */
        public Builder optCoefficients(double... coefficients) {
            Objects.requireNonNull(coefficients, "coefficients");
            if (coefficients.length != 3) {
                throw new IllegalArgumentException(
                        "Newton-Schulz iterations have three coefficients, found "
                                + Arrays.toString(coefficients)
                                + ".");
            }
            this.coefficients = coefficients.clone();
            return this;
        }

        /**
         * Sets how many iterations a step makes (default 5).
         *
         * @param steps the number, from 1 to 99
         * @return this builder
         */
        public Builder optSteps(int steps) {
            this.steps = steps;
            return this;
        }

        /**
         * Sets the smallest norm that a momentum is divided by (default 1e-7).
         *
         * @param epsilon {@code ε}, above 0
         * @return this builder
         */
        public Builder optEpsilon(double epsilon) {
            this.epsilon = epsilon;
            return this;
        }

        /**
         * Sets how the rate depends on a matrix' shape (default {@link Adjustment#ORIGINAL}).
         *
         * @param adjustment the adjustment
         * @return this builder
         */
        public Builder optAdjustment(Adjustment adjustment) {
            this.adjustment = Objects.requireNonNull(adjustment, "adjustment");
            return this;
        }

        /**
         * Sets the decay of AdamW's first moment (default 0.9).
         *
         * @param beta1 {@code β₁}, in [0, 1)
         * @return this builder
         */
        public Builder optAdamBeta1(float beta1) {
            this.adamBeta1 = beta1;
            return this;
        }

        /**
         * Sets the decay of AdamW's second moment (default 0.999).
         *
         * @param beta2 {@code β₂}, in [0, 1)
         * @return this builder
         */
        public Builder optAdamBeta2(float beta2) {
            this.adamBeta2 = beta2;
            return this;
        }

        /**
         * Sets AdamW's {@code ε} (default 1e-8).
         *
         * @param epsilon {@code ε}, above 0
         * @return this builder
         */
        public Builder optAdamEpsilon(float epsilon) {
            this.adamEpsilon = epsilon;
            return this;
        }

        /**
         * Sets where AdamW's {@code ε} is added (default {@link EpsilonPlacement#BIAS_CORRECTED},
         * as in PyTorch).
         *
         * @param placement the place
         * @return this builder
         */
        public Builder optAdamEpsilonPlacement(EpsilonPlacement placement) {
            this.adamEpsilonPlacement = Objects.requireNonNull(placement, "placement");
            return this;
        }

        /**
         * Sets what AdamW multiplies the learning rate by (default 1).
         *
         * @param ratio the number, 0 or more
         * @return this builder
         */
        public Builder optAdamRateRatio(float ratio) {
            this.adamRateRatio = ratio;
            return this;
        }

        /**
         * Sets which weights AdamW moves, in place of the default, which is the first and last
         * layers and look-ups. It always moves biases and normalisations.
         *
         * @param pathPatterns regular expressions, found anywhere in a parameter's path, such as
         *     {@code "^05Linear"}; none gives all weights to Muon
         * @return this builder
         * @throws java.util.regex.PatternSyntaxException if one is no regular expression
         */
        public Builder optAdamParameters(String... pathPatterns) {
            Objects.requireNonNull(pathPatterns, "pathPatterns");
            for (String pathPattern : pathPatterns) {
                Objects.requireNonNull(pathPattern, "pathPattern");
            }
            this.adamParameters = AdamParameters.matching(Arrays.asList(pathPatterns));
            return this;
        }

        @Override
        void readRule(Description description) {
            description.requireText("algorithm", Rule.NAME);
            momentum = description.floatNumber(Rule.MOMENTUM);
            nesterov = description.flag("nesterov");
            coefficients =
                    new double[] {
                        description.doubleNumber("coefficientA"),
                        description.doubleNumber("coefficientB"),
                        description.doubleNumber("coefficientC")
                    };
            steps = description.wholeNumber("steps");
            epsilon = description.doubleNumber("epsilon");
            adjustment = description.constant("adjustment", Adjustment.class);
            adamBeta1 = description.floatNumber("adamBeta1");
            adamBeta2 = description.floatNumber("adamBeta2");
            adamEpsilon = description.floatNumber("adamEpsilon");
            adamEpsilonPlacement =
                    description.constant("adamEpsilonPlacement", EpsilonPlacement.class);
            adamRateRatio = description.floatNumber("adamRateRatio");
            adamParameters = AdamParameters.read(description, "adamParameters");
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if no block was set, or an option is outside its range
         *     or contradicts another
         */
        public Muon build() {
            return new Muon(this);
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
