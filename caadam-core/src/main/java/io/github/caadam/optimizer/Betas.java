// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.StepNumbers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The options that rules in the manner of Adam have in common, and their moments.
 *
 * @param beta1 the decay of the first moment
 * @param beta2 the decay of the second moment
 * @param epsilon what is added to the denominator
 */
record Betas(float beta1, float beta2, float epsilon) {

    /** The slot of the first moment. */
    static final String FIRST = "first_moment";

    /** The slot of the second moment. */
    static final String SECOND = "second_moment";

    private static final String BETA1 = "beta1";
    private static final String BETA2 = "beta2";
    private static final String EPSILON = "epsilon";

    Betas {
        Ranges.requireBeta(BETA1, beta1);
        Ranges.requireBeta(BETA2, beta2);
        Ranges.requireEpsilon(epsilon);
    }

    /** Reads what {@link #describe} returned; the numbers are not checked yet. */
    static void read(Description description, AdamBuilder<?> builder) {
        builder.optBeta1(description.floatNumber(BETA1));
        builder.optBeta2(description.floatNumber(BETA2));
        builder.optEpsilon(description.floatNumber(EPSILON));
    }

    /** Returns a description, to which a rule adds its own options. */
    Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put(BETA1, Ranges.decimal(beta1));
        description.put(BETA2, Ranges.decimal(beta2));
        description.put(EPSILON, Ranges.decimal(epsilon));
        return description;
    }

    /** Returns the slots of both moments. */
    List<Slot> slots() {
        return Moments.slots(epsilon, FIRST, SECOND);
    }

    /** Makes both moments those of this step. */
    void advance(Step s) {
        s.lerpInPlace(s.slot(FIRST), s.gradients(), 1.0 - beta1);
        advanceSecond(s);
    }

    /** Makes the second moment that of this step. */
    void advanceSecond(Step s) {
        s.mulInPlace(s.slot(SECOND), beta2);
        s.addcmulInPlace(s.slot(SECOND), s.gradients(), s.gradients(), 1.0 - beta2);
    }

    /** {@code 1−β₁ᵗ}. */
    double correction1(StepNumbers n) {
        return n.biasCorrection(beta1);
    }

    /** {@code √(1−β₂ᵗ)}. */
    double rootCorrection2(StepNumbers n) {
        return Math.sqrt(n.biasCorrection(beta2));
    }
}
