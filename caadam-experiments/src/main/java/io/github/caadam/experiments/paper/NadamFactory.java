// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import java.util.List;

/** {@link Nadam}. */
final class NadamFactory extends AdamLike {

    NadamFactory() {
        super("nadam", "Nadam", "Adam with Nesterov momentum, by the schedule that Keras has", 0);
    }

    @Override
    public List<Option<?>> options() {
        return options(EPSILON, BETA1, BETA2);
    }

    @Override
    public Optimizer create(TrainingContext context, Options options) {
        return scaled(Nadam.builder(), context, options)
                .optBeta1(options.get(BETA1).floatValue())
                .optBeta2(options.get(BETA2).floatValue())
                .optEpsilon(options.get(EPSILON).floatValue())
                .build();
    }
}
