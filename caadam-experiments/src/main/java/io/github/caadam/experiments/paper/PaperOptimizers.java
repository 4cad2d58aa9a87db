// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.component.ComponentSet;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.plugin.OptimizerFactory;
import java.util.ArrayList;
import java.util.List;

/** The paper's baselines, and CaAdam with any strategy. */
public final class PaperOptimizers implements ComponentSet {

    /** Keras' default for AdamW. */
    private static final double WEIGHT_DECAY = 0.004;

    private static final List<OptimizerFactory> BASELINES =
            List.of(
                    new PlainAdam("adam", "Adam", "Adam (Kingma and Ba, 2015)", 0, false),
                    new PlainAdam(
                            "adamw",
                            "AdamW",
                            "Adam with decoupled weight decay (Loshchilov and Hutter, 2019)",
                            WEIGHT_DECAY,
                            false),
                    new AdamaxFactory(),
                    new NadamFactory(),
                    new PlainAdam(
                            "caadam",
                            "CaAdam",
                            "Adam with a scaling strategy, which is an option",
                            0,
                            true));

    /** Creates the set. */
    public PaperOptimizers() {}

    @Override
    public Kind kind() {
        return Kind.OPTIMIZER;
    }

    @Override
    public List<OptimizerFactory> members() {
        List<OptimizerFactory> all = new ArrayList<>(BASELINES);
        for (Scaling scaling : Scaling.values()) {
            if (scaling != Scaling.NONE) {
                all.add(new CaAdamFactory(scaling));
            }
        }
        return all;
    }
}
