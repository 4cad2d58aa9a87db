// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What happens to gradients before a rule sees them. They are rescaled, then clipped, then L2 decay
 * is added.
 *
 * @param rescale what they are multiplied by; finite
 * @param clipValue the {@code c} of clipping each value to {@code [−c, c]}; negative if off
 * @param clipNorm the largest Euclidean norm of one parameter's gradient, which is scaled down to
 *     it; negative if off
 * @param globalClipNorm the largest Euclidean norm of all gradients together, which are scaled down
 *     to it by one factor; negative if off
 * @param weightDecay the L2 decay {@code λ}, added as {@code λθ}; 0 or more
 * @since 0.1.0
 */
public record GradientTreatment(
        float rescale, float clipValue, float clipNorm, float globalClipNorm, float weightDecay) {

    /**
     * Checks the ranges.
     *
     * @param rescale what gradients are multiplied by
     * @param clipValue the bound of each value
     * @param clipNorm the bound of a parameter's norm
     * @param globalClipNorm the bound of the norm of all
     * @param weightDecay the L2 decay
     * @throws IllegalArgumentException if a number is out of its range, or more than one kind of
     *     clipping is on
     */
    public GradientTreatment {
        require(Float.isFinite(rescale), "gradient scale", "finite", rescale);
        requireClip("clip value", clipValue);
        requireClip("clip norm", clipNorm);
        requireClip("global clip norm", globalClipNorm);
        require(
                weightDecay >= 0 && Float.isFinite(weightDecay),
                "weight decay",
                "a finite number, 0 or more",
                weightDecay);
        int clips = (clipValue >= 0 ? 1 : 0) + (clipNorm >= 0 ? 1 : 0);
        if (clips + (globalClipNorm >= 0 ? 1 : 0) > 1) {
            throw new IllegalArgumentException(
                    "Of optClipGrad (by value), optClipNorm and optGlobalClipNorm, two were set;"
                            + " choose one.");
        }
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
     * Returns whether all gradients are scaled down by one factor.
     *
     * @return whether they are clipped by their global norm
     */
    public boolean clipsAll() {
        return globalClipNorm >= 0;
    }

    /**
     * Describes what happens as plain values.
     *
     * @return the numbers by name; what is off is left out
     */
    public Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        if (rescale != 1) {
            description.put("rescaleGradient", decimal(rescale));
        }
        putClip(description, "clipValue", clipValue);
        putClip(description, "clipNorm", clipNorm);
        putClip(description, "globalClipNorm", globalClipNorm);
        return description;
    }

    private static void putClip(Map<String, Object> description, String name, float clip) {
        if (clip >= 0) {
            description.put(name, decimal(clip));
        }
    }

    /** A float as the number that its shortest decimal form says, 0.9 rather than 0.89999998. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
