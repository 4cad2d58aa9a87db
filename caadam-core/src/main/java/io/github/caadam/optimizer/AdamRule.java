// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.util.List;
import java.util.Map;

/**
 * Adam's rule, by the engine's own kernel; see {@link CaAdam}.
 *
 * @param betas the decays of the moments, and {@code ε}
 * @param epsilonPlacement where it is added
 * @param amsgrad whether the largest second moment so far counts
 */
record AdamRule(Betas betas, EpsilonPlacement epsilonPlacement, boolean amsgrad)
        implements UpdateRule {

    static final String NAME = "adam";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> description = betas.describe();
        description.put("epsilonPlacement", epsilonPlacement.name());
        description.put("amsgrad", amsgrad);
        return description;
    }

    @Override
    public List<Slot> slots() {
        return amsgrad
                ? Moments.slots(betas.epsilon(), Betas.FIRST, Betas.SECOND, "max_second_moment")
                : betas.slots();
    }

    @Override
    public void update(Step s) {
        Operand first = s.slot(Betas.FIRST);
        Operand second = s.slot(Betas.SECOND);
        float beta1 = betas.beta1();
        float beta2 = betas.beta2();
        Scalar rate = s.number(n -> n.rate() * betas.rootCorrection2(n) / betas.correction1(n));
        Scalar added = epsilonPlacement.uncorrected(s, betas.epsilon(), beta2);
        if (amsgrad) {
            Operand largest = s.slot("max_second_moment");
            s.amsgrad(first, second, largest, rate, beta1, beta2, added);
        } else {
            s.adam(first, second, rate, beta1, beta2, added);
        }
    }
}
