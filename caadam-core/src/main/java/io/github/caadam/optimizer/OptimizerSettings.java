package io.github.caadam.optimizer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What an optimizer of this library does, without the network that it trains and the learning rate:
 * one immutable description that every way of executing a step reads.
 *
 * @param algorithm the formula
 * @param beta1 the decay {@code β₁} of the first moment, in [0, 1)
 * @param beta2 the decay {@code β₂} of the second moment or the infinity norm, in [0, 1)
 * @param epsilon {@code ε}, above 0
 * @param epsilonPlacement where {@code ε} is added; matters to {@link Algorithm#ADAM} only
 * @param amsgrad whether the largest second moment so far is used; {@link Algorithm#ADAM} only
 * @param weightDecay the L2 decay {@code λ}, added to the gradient as {@code λθ}, 0 or more
 * @param decoupledWeightDecay the decoupled decay {@code λ}, 0 or more: {@code θ ← θ − α·λ·θ}
 *     before the step, as in AdamW (Loshchilov and Hutter, 2019)
 * @param decayExclusions which parameters the decoupled decay leaves alone
 * @param rescaleGradient what gradients are multiplied by first, finite
 * @param clipValue the {@code c} of clipping each value to {@code [−c, c]}; negative if off
 * @param clipNorm the largest Euclidean norm of a parameter's gradient, which is scaled down to it;
 *     negative if off
 */
public record OptimizerSettings(
        Algorithm algorithm,
        float beta1,
        float beta2,
        float epsilon,
        EpsilonPlacement epsilonPlacement,
        boolean amsgrad,
        float weightDecay,
        float decoupledWeightDecay,
        DecayExclusions decayExclusions,
        float rescaleGradient,
        float clipValue,
        float clipNorm) {

    /**
     * Checks the ranges.
     *
     * @param algorithm the formula
     * @param beta1 {@code β₁}
     * @param beta2 {@code β₂}
     * @param epsilon {@code ε}
     * @param epsilonPlacement where {@code ε} is added
     * @param amsgrad whether the largest second moment so far is used
     * @param weightDecay the L2 decay
     * @param decoupledWeightDecay the decoupled decay
     * @param decayExclusions what the decoupled decay leaves alone
     * @param rescaleGradient what gradients are multiplied by first
     * @param clipValue the bound of each value; negative if off
     * @param clipNorm the bound of the norm; negative if off
     * @throws IllegalArgumentException if a number is out of its range, or two settings exclude
     *     each other
     */
    public OptimizerSettings {
        Objects.requireNonNull(algorithm, "algorithm");
        Objects.requireNonNull(epsilonPlacement, "epsilonPlacement");
        Objects.requireNonNull(decayExclusions, "decayExclusions");
        requireBeta("beta1", beta1);
        requireBeta("beta2", beta2);
        require(
                epsilon > 0 && Float.isFinite(epsilon),
                "epsilon",
                "a finite number above 0",
                epsilon);
        requireDecay("weight decay", weightDecay);
        requireDecay("decoupled weight decay", decoupledWeightDecay);
        require(Float.isFinite(rescaleGradient), "gradient scale", "finite", rescaleGradient);
        requireClip("clip value", clipValue);
        requireClip("clip norm", clipNorm);
        if (weightDecay != 0 && decoupledWeightDecay != 0) {
            throw new IllegalArgumentException(
                    "Both optWeightDecays (L2 in the gradient) and optDecoupledWeightDecay were"
                            + " set; choose one.");
        }
        if (clipValue >= 0 && clipNorm >= 0) {
            throw new IllegalArgumentException(
                    "Both optClipGrad (by value) and optClipNorm were set; choose one.");
        }
        if (decoupledWeightDecay == 0 && !decayExclusions.isDefault()) {
            throw new IllegalArgumentException(
                    "Decay exclusions were set without a decoupled weight decay: set"
                            + " optDecoupledWeightDecay too (optWeightDecays applies to all"
                            + " parameters).");
        }
        if (algorithm != Algorithm.ADAM
                && (amsgrad || epsilonPlacement != EpsilonPlacement.UNCORRECTED)) {
            throw new IllegalArgumentException(
                    "Amsgrad and the placement of epsilon are options of Adam, not of "
                            + algorithm.label()
                            + ".");
        }
    }

    private static void requireBeta(String name, float beta) {
        require(beta >= 0 && beta < 1, name, "in [0, 1)", beta);
    }

    private static void requireDecay(String name, float decay) {
        require(decay >= 0 && Float.isFinite(decay), name, "a finite number, 0 or more", decay);
    }

    private static void requireClip(String name, float clip) {
        require(
                Float.isFinite(clip) && clip != 0,
                name,
                "a finite number above 0, or negative for none",
                clip);
    }

    private static void require(boolean holds, String name, String range, float found) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "The " + name + " must be " + range + ", found " + found + ".");
        }
    }

    /**
     * Describes the settings as plain values (texts, numbers, lists), to be kept as JSON.
     *
     * @return the description; options that are off are left out
     */
    public Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("algorithm", algorithm.label());
        description.put("beta1", decimal(beta1));
        description.put("beta2", decimal(beta2));
        description.put("epsilon", decimal(epsilon));
        if (algorithm == Algorithm.ADAM) {
            description.put("epsilonPlacement", epsilonPlacement.name());
            description.put("amsgrad", amsgrad);
        }
        if (weightDecay != 0) {
            description.put("weightDecay", decimal(weightDecay));
        }
        if (decoupledWeightDecay != 0) {
            description.put("decoupledWeightDecay", decimal(decoupledWeightDecay));
            description.put("decayExclusions", decayExclusions.describe());
        }
        if (rescaleGradient != 1) {
            description.put("rescaleGradient", decimal(rescaleGradient));
        }
        if (clipValue >= 0) {
            description.put("clipValue", decimal(clipValue));
        }
        if (clipNorm >= 0) {
            description.put("clipNorm", decimal(clipNorm));
        }
        return Collections.unmodifiableMap(description);
    }

    /** A float as the number that its shortest decimal form says, 0.9 rather than 0.89999998. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
