// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import ai.djl.nn.Block;
import ai.djl.training.tracker.ParameterTracker;
import io.github.caadam.optimizer.Adadelta;
import io.github.caadam.optimizer.Adafactor;
import io.github.caadam.optimizer.Adagrad;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.Lamb;
import io.github.caadam.optimizer.Lion;
import io.github.caadam.optimizer.Muon;
import io.github.caadam.optimizer.NAdamW;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.optimizer.Prodigy;
import io.github.caadam.optimizer.RAdam;
import io.github.caadam.optimizer.RmsProp;
import io.github.caadam.optimizer.RuleOptimizer;
import io.github.caadam.optimizer.ScheduleFreeAdamW;
import io.github.caadam.optimizer.Sgd;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Every optimizer of the library, a line each, from which all contract tests run: those of {@link
 * OptimizerCases} with each setting of its golden values. A new optimizer gets a line here; the
 * build fails where it is missing.
 */
public enum LibraryOptimizer {
    CAADAM(
            CaAdam.class,
            CaAdam::builder,
            (builder, block) -> builder.setBlock(block).setScaling(ScalingStrategy.none()),
            CaAdam.Builder::build,
            Map.of("beta1", -0.5),
            Map.of("beta2", 1),
            Map.of("epsilon", 0)),
    ADAMAX(
            Adamax.class,
            Adamax::builder,
            Adamax.Builder::optBlock,
            Adamax.Builder::build,
            Map.of("beta1", 1),
            Map.of("beta2", -0.5),
            Map.of("epsilon", 0)),
    NADAM(
            Nadam.class,
            Nadam::builder,
            Nadam.Builder::optBlock,
            Nadam.Builder::build,
            Map.of("beta1", 1),
            Map.of("beta2", 1),
            Map.of("epsilon", -1)),
    LION(
            Lion.class,
            Lion::builder,
            Lion.Builder::optBlock,
            Lion.Builder::build,
            Map.of("beta1", -0.5),
            Map.of("beta2", 1)),
    SGD(
            Sgd.class,
            Sgd::builder,
            Sgd.Builder::optBlock,
            Sgd.Builder::build,
            Map.of("momentum", 1),
            Map.of("momentum", 0.9, "dampening", -0.5),
            Map.of("dampening", 0.5),
            Map.of("nesterov", true),
            Map.of("nesterov", true, "momentum", 0.9, "dampening", 0.5)),
    RMSPROP(
            RmsProp.class,
            RmsProp::builder,
            RmsProp.Builder::optBlock,
            RmsProp.Builder::build,
            Map.of("rho", 1),
            Map.of("epsilon", 0),
            Map.of("momentum", 1)),
    ADAGRAD(
            Adagrad.class,
            Adagrad::builder,
            Adagrad.Builder::optBlock,
            Adagrad.Builder::build,
            Map.of("learningRateDecay", -0.5),
            Map.of("initialAccumulator", -1),
            Map.of("epsilon", 0)),
    ADADELTA(
            Adadelta.class,
            Adadelta::builder,
            Adadelta.Builder::optBlock,
            Adadelta.Builder::build,
            Map.of("rho", -0.5),
            Map.of("epsilon", -1)),
    ADAFACTOR(
            Adafactor.class,
            Adafactor::builder,
            Adafactor.Builder::optBlock,
            Adafactor.Builder::build,
            Map.of("beta2Decay", 0.5),
            Map.of("epsilon1", 0),
            Map.of("epsilon2", -1),
            Map.of("clipThreshold", 0)),
    RADAM(
            RAdam.class,
            RAdam::builder,
            RAdam.Builder::optBlock,
            RAdam.Builder::build,
            Map.of("beta1", 1),
            Map.of("beta2", 1),
            Map.of("epsilon", 0)),
    NADAMW(
            NAdamW.class,
            NAdamW::builder,
            NAdamW.Builder::optBlock,
            NAdamW.Builder::build,
            Map.of("beta1", 1),
            Map.of("beta2", -0.5),
            Map.of("epsilon", 0),
            Map.of("momentumDecay", -1)),
    LAMB(
            Lamb.class,
            Lamb::builder,
            (builder, block) -> builder.optBlock(block).optDecoupledWeightDecay(0),
            Lamb.Builder::build,
            Map.of("beta1", 1),
            Map.of("beta2", 1),
            Map.of("epsilon", 0)),
    PRODIGY(
            Prodigy.class,
            Prodigy::builder,
            Prodigy.Builder::optBlock,
            Prodigy.Builder::build,
            Map.of("beta1", 1),
            Map.of("beta2", -0.5),
            Map.of("beta3", 1),
            Map.of("epsilon", 0),
            Map.of("d0", 0),
            Map.of("dCoefficient", -1),
            Map.of("growthRate", 0.5)),
    SCHEDULEFREEADAMW(
            ScheduleFreeAdamW.class,
            ScheduleFreeAdamW::builder,
            ScheduleFreeAdamW.Builder::optBlock,
            ScheduleFreeAdamW.Builder::build,
            Map.of("beta1", 1),
            Map.of("beta2", -0.5),
            Map.of("epsilon", 0),
            Map.of("warmupSteps", -1),
            Map.of("r", -1),
            Map.of("weightLrPower", -1)),
    MUON(
            Muon.class,
            Muon::builder,
            (builder, block) -> builder.optBlock(block).optDecoupledWeightDecay(0),
            Muon.Builder::build,
            Map.of("momentum", 1),
            Map.of("coefficientA", 101),
            Map.of("coefficientB", -101),
            Map.of("coefficientC", 1e9),
            Map.of("steps", 0),
            Map.of("epsilon", 0),
            Map.of("adamBeta1", 1),
            Map.of("adamBeta2", -0.5),
            Map.of("adamEpsilon", 0),
            Map.of("adamRateRatio", -1)),
    RULE(
            RuleOptimizer.class,
            () -> RuleOptimizer.builder().setRule(new MeanSquareRule(0.9375, 0x1p-6)),
            RuleOptimizer.Builder::optBlock,
            RuleOptimizer.Builder::build,
            Map.of("beta", 0.5),
            Map.of("epsilon", 0.5));

    private final Class<? extends StatefulOptimizer> type;

    @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
    private final Line<?> line;

    @SuppressWarnings("ImmutableEnumChecker") // Maps of plain values.
    private final List<Map<String, ?>> refused;

    /**
     * A line.
     *
     * @param refused options of the rule that it must refuse, by the keys of its description; for
     *     each option that is a number at least one
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // The array is only read.
    <B extends StatefulOptimizer.Builder<B>> LibraryOptimizer(
            Class<? extends StatefulOptimizer> type,
            Supplier<B> builder,
            BiConsumer<B, Block> network,
            Function<B, StatefulOptimizer> build,
            Map<String, ?>... refused) {
        this.type = type;
        this.line = new Line<>(builder, network, build);
        this.refused = Arrays.stream(refused).toList();
    }

    /**
     * How an optimizer is built.
     *
     * @param <B> its builder
     */
    private record Line<B extends StatefulOptimizer.Builder<B>>(
            Supplier<B> builder,
            BiConsumer<B, Block> network,
            Function<B, StatefulOptimizer> build) {

        private StatefulOptimizer create(
                Block block, Consumer<StatefulOptimizer.Builder<?>> options) {
            B made = builder.get();
            if (block != null) {
                network.accept(made, block);
            }
            options.accept(made);
            return build.apply(made);
        }
    }

    /** Returns the optimizer's class. */
    public Class<? extends StatefulOptimizer> type() {
        return type;
    }

    /** Whether parameters follow several rules, for which the network must be known. */
    public boolean differsByParameter() {
        return this == ADAFACTOR || this == MUON;
    }

    /** Returns options of the rule that it must refuse. */
    public List<Map<String, ?>> refused() {
        return refused;
    }

    /** Returns a builder, on which nothing is set but the rule. */
    public StatefulOptimizer.Builder<?> builder() {
        return line.builder().get();
    }

    /** Creates the optimizer for a block, without scaling. */
    public StatefulOptimizer create(Block block, Consumer<StatefulOptimizer.Builder<?>> options) {
        return line.create(block, options);
    }

    /** Creates the optimizer for a block, without scaling. */
    public StatefulOptimizer create(Block block, ParameterTracker learningRate) {
        return create(block, builder -> builder.optLearningRateTracker(learningRate));
    }

    /** Sets the scaling, which one optimizer requires and the others offer. */
    public static void scale(StatefulOptimizer.Builder<?> builder, ScalingStrategy scaling) {
        if (builder instanceof StatefulOptimizer.ScalableBuilder<?> scalable) {
            scalable.optScaling(scaling);
        } else {
            ((CaAdam.Builder) builder).setScaling(scaling);
        }
    }
}
