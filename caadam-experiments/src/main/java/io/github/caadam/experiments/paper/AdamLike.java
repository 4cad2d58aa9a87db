// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.optimizer.LibraryOptimizer;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.EpsilonPlacement;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.scaling.ScalingStrategy;

/**
 * An optimizer of the paper. All that are Adam with something are {@link CaAdam}, which without
 * scaling computes bit for bit what DJL's own {@code Adam} and {@code AdamW} compute (a test of the
 * library), so that in a comparison nothing but the factors differs.
 */
abstract class AdamLike extends LibraryOptimizer {

    static final Option<Double> EPSILON =
            Option.number("epsilon", "what is added to the denominator").above(0).orElse(1e-8);

    static final Option<EpsilonPlacement> PLACEMENT =
            Option.choice("epsilon-placement", "where it is added", EpsilonPlacement.class)
                    .orElse(EpsilonPlacement.UNCORRECTED);

    static final Option<Double> BETA1 = beta("beta1", "the decay of the first moment", 0.9);
    static final Option<Double> BETA2 = beta("beta2", "the decay of the second moment", 0.999);

    static final Option<Boolean> AMSGRAD =
            Option.flag("amsgrad", "whether the largest second moment so far counts")
                    .orElse(false)
                    .addedLater();

    private final String name;
    private final String title;
    private final String description;

    AdamLike(String name, String title, String description, double weightDecay) {
        super(weightDecay);
        this.name = name;
        this.title = title;
        this.description = description;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String description() {
        return description;
    }

    /** Starts the optimizer that a scaling makes of Adam. */
    CaAdam.Builder scaledAdam(TrainingContext context, Options options, ScalingStrategy scaling) {
        return configured(CaAdam.builder(), context, options)
                .setBlock(context.block())
                .setScaling(scaling)
                .optBeta1(options.get(BETA1).floatValue())
                .optBeta2(options.get(BETA2).floatValue())
                .optEpsilon(options.get(EPSILON).floatValue())
                .optEpsilonPlacement(options.get(PLACEMENT))
                .optAmsgrad(options.get(AMSGRAD));
    }
}
