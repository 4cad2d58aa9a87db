// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import java.util.List;

/** {@link Adamax}. */
final class AdamaxFactory extends AdamLike {

    AdamaxFactory() {
        super("adamax", "Adamax", "Adam by the largest gradient, as Keras has it", 0);
    }

    @Override
    public List<Option<?>> options() {
        return options(EPSILON, BETA1, BETA2);
    }

    @Override
    public Optimizer create(TrainingContext context, Options options) {
        return scaled(Adamax.builder(), context, options)
                .optBeta1(options.get(BETA1).floatValue())
                .optBeta2(options.get(BETA2).floatValue())
                .optEpsilon(options.get(EPSILON).floatValue())
                .build();
    }
}
