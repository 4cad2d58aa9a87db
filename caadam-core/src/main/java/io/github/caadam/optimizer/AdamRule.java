// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam's rule, by the engine's own kernel; see {@link CaAdam}.
 *
 * @param beta1 the decay of the first moment
 * @param beta2 the decay of the second moment
 * @param epsilon what is added to the denominator
 * @param epsilonPlacement where it is added
 * @param amsgrad whether the largest second moment so far counts
 */
record AdamRule(
        float beta1, float beta2, float epsilon, EpsilonPlacement epsilonPlacement, boolean amsgrad)
        implements UpdateRule {

    static final String NAME = "adam";

    AdamRule {
        Ranges.requireBeta("beta1", beta1);
        Ranges.requireBeta("beta2", beta2);
        Ranges.requireEpsilon(epsilon);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("beta1", Ranges.decimal(beta1));
        description.put("beta2", Ranges.decimal(beta2));
        description.put("epsilon", Ranges.decimal(epsilon));
        description.put("epsilonPlacement", epsilonPlacement.name());
        description.put("amsgrad", amsgrad);
        return description;
    }

    @Override
    public List<Slot> slots() {
        return amsgrad
                ? Moments.slots(epsilon, "first_moment", "second_moment", "max_second_moment")
                : Moments.slots(epsilon, "first_moment", "second_moment");
    }

    @Override
    public void update(Step s) {
        Operand first = s.slot("first_moment");
        Operand second = s.slot("second_moment");
        Scalar rate =
                s.number(
                        n ->
                                n.rate()
                                        * Math.sqrt(n.biasCorrection(beta2))
                                        / n.biasCorrection(beta1));
        Scalar added = epsilonPlacement.uncorrected(s, epsilon, beta2);
        if (amsgrad) {
            Operand largest = s.slot("max_second_moment");
            s.amsgrad(first, second, largest, rate, beta1, beta2, added);
        } else {
            s.adam(first, second, rate, beta1, beta2, added);
        }
    }
}
