// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/**
 * {@link ScalingStrategy#relativeStep(double, double)} and {@link
 * ScalingStrategy#relativeStepAtStart(double, double)}.
 */
record RelativeStepScaling(double kappa, double floor, boolean atStart) implements ScalingStrategy {

    static final String NAME = "relative-step";
    static final String NAME_AT_START = "relative-step-at-start";

    RelativeStepScaling {
        if (!(kappa > 0) || Double.isInfinite(kappa)) {
            throw new IllegalArgumentException(
                    "The kappa of a relative step must be a finite number above 0, such as "
                            + DEFAULT_KAPPA
                            + ", found "
                            + kappa
                            + ".");
        }
        if (!(floor >= 0) || Double.isInfinite(floor)) {
            throw new IllegalArgumentException(
                    "The floor of a relative step, the smallest root mean square of weights, must"
                            + " be a finite number, 0 or more, found "
                            + floor
                            + ".");
        }
    }

    /** There is none without weights; one of 1 would be a learning rate of 1. */
    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        throw new UnsupportedOperationException(
                "The factors of "
                        + this
                        + " follow the weights, and the structure alone has none of them; ask"
                        + " weightFactor.");
    }

    @Override
    public WeightFactor weightFactor(ParameterStructure parameter, NetworkStructure network) {
        return new WeightFactor(kappa, kappa * floor, Double.POSITIVE_INFINITY, atStart);
    }

    @Override
    public boolean isWeightAware() {
        return true;
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(atStart ? NAME_AT_START : NAME, "kappa", kappa, "floor", floor);
    }

    static ScalingStrategy read(DescribedValues values, boolean atStart) {
        return new RelativeStepScaling(values.number("kappa"), values.number("floor"), atStart);
    }

    @Override
    public String toString() {
        return (atStart ? "relativeStepAtStart" : "relativeStep")
                + "(kappa="
                + kappa
                + ", floor="
                + floor
                + ")";
    }
}
