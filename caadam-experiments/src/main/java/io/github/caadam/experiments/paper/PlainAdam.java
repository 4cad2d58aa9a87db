// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.experiments.control.NamedScaling;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.List;

/**
 * Adam and AdamW, whose decay leaves no parameter out, as Keras' does by default, with a scaling if
 * one is given; and {@code caadam}, which requires one.
 */
final class PlainAdam extends AdamLike {

    private final boolean isScaled;

    PlainAdam(String name, String title, String description, double weightDecay, boolean isScaled) {
        super(name, title, description, weightDecay);
        this.isScaled = isScaled;
    }

    @Override
    public List<Option<?>> options() {
        return options(
                List.of(isScaled ? SCALING : SCALING.optional()),
                EPSILON,
                PLACEMENT,
                BETA1,
                BETA2,
                AMSGRAD);
    }

    @Override
    public Optimizer create(TrainingContext context, Options options) {
        return options.find(SCALING)
                .map(NamedScaling::of)
                .map(
                        scaling ->
                                scaledAdam(context, options, scaling.strategy(context.seed()))
                                        .optConvention(scaling.convention()))
                .orElseGet(() -> scaledAdam(context, options, ScalingStrategy.none()))
                .build();
    }
}
