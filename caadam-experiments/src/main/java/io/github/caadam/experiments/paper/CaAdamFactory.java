// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** CaAdam with one of the strategies, such as {@code caadam:depth}. */
final class CaAdamFactory extends AdamLike {

    private static final Option<String> FACTORS =
            Option.text(
                            "factors",
                            "what is done to the strategy's factors: "
                                    + String.join(", ", FactorControl.FORMS))
                    .optional();
    private static final Option<Double> GAMMA =
            Option.number("gamma", "the strategy's number; by default that of the convention")
                    .optional();
    private static final Option<StructureConvention> COUNTED =
            CONVENTION.orElse(StructureConvention.PAPER);

    private final Scaling scaling;

    CaAdamFactory(Scaling scaling) {
        super(
                "caadam:" + scaling.label(),
                "CaAdam",
                "Adam with the " + scaling.label() + " scaling",
                0);
        this.scaling = scaling;
    }

    @Override
    public String variant() {
        return scaling.label();
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> all =
                options(
                        List.of(FACTORS),
                        COUNTED,
                        GAMMA,
                        EPSILON,
                        PLACEMENT,
                        BETA1,
                        BETA2,
                        AMSGRAD);
        return scaling.isRelative()
                ? all.stream()
                        .<Option<?>>map(
                                one -> one == LEARNING_RATE ? LEARNING_RATE.orElse(1.0) : one)
                        .toList()
                : all;
    }

    /** Fills in γ, and checks it by building the strategy once. */
    @Override
    public Options complete(Options options) {
        Options whole =
                options.find(GAMMA).isPresent()
                        ? options
                        : options.with(
                                Map.of(GAMMA.name(), scaling.defaultGamma(options.get(COUNTED))));
        strategy(whole, 0);
        requireRate(scaling, whole);
        return super.complete(whole);
    }

    private ScalingStrategy strategy(Options options, int seed) {
        return FactorControl.parse(options.find(FACTORS).orElse(""))
                .applyTo(scaling.strategy(options.get(GAMMA), seed));
    }

    @Override
    public Optimizer create(TrainingContext context, Options options) {
        return scaledAdam(context, options, strategy(options, context.seed()))
                .optConvention(options.get(COUNTED))
                .build();
    }

    @Override
    public boolean drawsFactors(Options options) {
        return scaling.isDrawn();
    }

    @Override
    public Map<String, Double> drawnFactors(Block block, int seed, Options options) {
        NetworkStructure network = StructureInspector.inspect(block, options.get(COUNTED));
        ScalingStrategy strategy = strategy(options, seed);
        Map<String, Double> factors = new LinkedHashMap<>();
        network.parameters().forEach(one -> factors.put(one.path(), strategy.factor(one, network)));
        return factors;
    }

    @Override
    public String print(String option, Object value) {
        return option.equals(FACTORS.name()) ? value.toString() : super.print(option, value);
    }
}
