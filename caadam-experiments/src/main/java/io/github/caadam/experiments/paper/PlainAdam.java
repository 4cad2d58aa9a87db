// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.List;

/** Adam and AdamW, whose decay leaves no parameter out, as Keras' does by default. */
final class PlainAdam extends AdamLike {

    PlainAdam(String name, String title, String description, double weightDecay) {
        super(name, title, description, weightDecay);
    }

    @Override
    public List<Option<?>> options() {
        return options(List.of(), EPSILON, PLACEMENT, BETA1, BETA2, AMSGRAD);
    }

    @Override
    public Optimizer create(TrainingContext context, Options options) {
        return scaledAdam(context, options, ScalingStrategy.none()).build();
    }
}
