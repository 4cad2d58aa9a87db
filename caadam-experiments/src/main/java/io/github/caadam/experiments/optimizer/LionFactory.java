// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.optimizer;

import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.optimizer.Lion;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import java.util.List;

/** {@link Lion}. */
public final class LionFactory extends LibraryOptimizer {

    private static final Option<Double> BETA1 =
            beta("beta1", "the weight of the momentum in a step's direction", 0.9);
    private static final Option<Double> BETA2 = beta("beta2", "the decay of the momentum", 0.99);

    /** Creates the factory. */
    public LionFactory() {
        super(0);
    }

    @Override
    public String name() {
        return "lion";
    }

    @Override
    public String title() {
        return "Lion";
    }

    @Override
    public String description() {
        return "Lion (Chen et al., 2023): steps of one length, in the direction of an average";
    }

    @Override
    public List<Option<?>> options() {
        return options(BETA1, BETA2);
    }

    @Override
    public Optimizer create(TrainingContext context, Options options) {
        return scaled(Lion.builder(), context, options)
                .optBeta1(options.get(BETA1).floatValue())
                .optBeta2(options.get(BETA2).floatValue())
                .build();
    }
}
