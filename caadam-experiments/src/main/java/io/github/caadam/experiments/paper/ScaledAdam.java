// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.experiments.control.NamedScaling;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import java.util.List;

/** Adam with any scaling strategy: {@code caadam}. */
final class ScaledAdam extends AdamLike {

    ScaledAdam() {
        super("caadam", "CaAdam", "Adam with a scaling strategy, which is an option", 0);
    }

    @Override
    public List<Option<?>> options() {
        return options(List.of(SCALING), EPSILON, PLACEMENT, BETA1, BETA2, AMSGRAD);
    }

    @Override
    public Optimizer create(TrainingContext context, Options options) {
        NamedScaling scaling = NamedScaling.of(options.get(SCALING));
        return scaledAdam(context, options, scaling.strategy(context.seed()))
                .optConvention(scaling.convention())
                .build();
    }
}
