// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import io.github.caadam.rule.Operand;
import io.github.caadam.rule.UpdateRule;
import java.util.List;
import java.util.Objects;

/**
 * What a step is, from gradients as they are to zeroed gradients: their treatment, decoupled weight
 * decay, the rule. Every execution follows this one.
 *
 * @param rule the rule
 * @param treatment what happens to the gradients first
 * @since 0.1.0
 */
public record StepRecipe(UpdateRule rule, GradientTreatment treatment) {

    /**
     * Checks that nothing is null.
     *
     * @param rule the rule
     * @param treatment what happens to the gradients first
     */
    public StepRecipe {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(treatment, "treatment");
    }

    /**
     * Makes a step.
     *
     * @param groups all parameters that are trained, in groups
     */
    public void apply(List<? extends GroupStep> groups) {
        if (treatment.needsAllGradients()) {
            groups.forEach(this::rescale);
            List<Operand> norms = groups.stream().map(g -> g.norm(g.treated())).toList();
            Operand total = groups.get(0).totalNorm(norms);
            for (GroupStep group : groups) {
                double limit = treatment.globalClipNorm();
                group.treat(group.scaledDown(group.treated(), limit, total));
            }
            groups.forEach(this::update);
        } else {
            for (GroupStep group : groups) {
                rescale(group);
                clip(group);
                update(group);
            }
        }
    }

    private void rescale(GroupStep group) {
        if (treatment.rescale() != 1) {
            group.treat(group.mul(group.treated(), treatment.rescale()));
        }
    }

    private void clip(GroupStep group) {
        Operand gradients = group.treated();
        if (treatment.clipValue() >= 0) {
            group.treat(group.clamp(gradients, -treatment.clipValue(), treatment.clipValue()));
        } else if (treatment.clipNorm() >= 0) {
            double limit = treatment.clipNorm();
            Operand norms = group.clampMin(group.norm(gradients), limit);
            group.treat(group.div(group.mul(gradients, limit), norms));
        }
    }

    private void update(GroupStep group) {
        if (group.decays()) {
            group.decay();
        }
        group.setWeightDecay(treatment.weightDecay());
        rule.update(group);
        group.clearGradients();
    }
}
