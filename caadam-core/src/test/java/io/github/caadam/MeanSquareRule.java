// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.util.List;
import java.util.Map;

/**
 * A rule of a user's own: RMSprop (Tieleman and Hinton, <em>Lecture 6.5</em>, 2012), {@code v ← βv
 * + (1−β)g²}, {@code θ ← θ − α·g/(√v+ε)}.
 *
 * @param beta {@code β}
 * @param epsilon {@code ε}
 */
public record MeanSquareRule(double beta, double epsilon) implements UpdateRule {

    /** Creates the rule with settings that are exact in single precision. */
    public MeanSquareRule() {
        this(0.9375, 0x1p-20);
    }

    @Override
    public String name() {
        return "mean-square";
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("beta", beta, "epsilon", epsilon);
    }

    @Override
    public List<Slot> slots() {
        return List.of(Slot.zeros("mean_square"));
    }

    @Override
    public void update(Step s) {
        Operand square = s.slot("mean_square");
        s.mulInPlace(square, beta);
        s.addcmulInPlace(square, s.gradients(), s.gradients(), 1 - beta);
        s.addcdivInPlace(
                s.weights(),
                s.gradients(),
                s.add(s.sqrt(square), s.constant(epsilon)),
                s.number(n -> -n.rate()));
    }
}
