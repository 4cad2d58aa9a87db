// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.figure.EffectFigure;
import io.github.caadam.experiments.figure.Figure;
import io.github.caadam.experiments.figure.FurtherFigures;
import java.util.ArrayList;
import java.util.List;

/**
 * The figures beside the paper's: {@code effects-fair-GROUP}, effect sizes against Adam at a fair
 * learning rate, and {@code sensitivity-PROBLEM}, where runs drew their factors.
 */
public final class PaperFigures implements FurtherFigures {

    /** Makes the figures' maker, as {@link java.util.ServiceLoader} does. */
    public PaperFigures() {}

    @Override
    public List<Figure> of(RunGroup group) {
        List<Figure> figures = new ArrayList<>();
        if (ControlsTable.applies(group)) {
            new EffectFigure(
                            group,
                            PaperConfigurations.overFairAdam(group),
                            new EffectFigure.Against(
                                    "effects-fair-",
                                    "Adam at a fair learning rate",
                                    ", which is the mean one of the optimizer's strategy, or where"
                                            + " there are no such runs Adam's own best one"))
                    .draw()
                    .ifPresent(figures::add);
        }
        Sensitivity.of(group).forEach(one -> figures.add(SensitivityFigure.of(group, one)));
        return figures;
    }
}
