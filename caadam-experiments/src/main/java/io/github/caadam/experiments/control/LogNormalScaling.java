// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random scaling, to find out what factors by layer can do at all: {@code log₂ S ~ N(0, σ²)}, one
 * draw for each weight of the network (of rank 2 or more) and one for all its biases and
 * normalisations together. The median factor is 1, so that the learning rate keeps its meaning.
 *
 * <p>The draws are those of {@link Random#nextGaussian()}, for the trainable weights in forward
 * order and last for the rest, from a generator that is seeded with {@code SplitMix64(seed)}: the
 * seed plus {@code 0x9E3779B97F4A7C15}, mixed by the finalizer of Steele, Lea and Flood (<em>Fast
 * splittable pseudorandom number generators</em>, OOPSLA 2014) with the constants of that paper's
 * {@code mix64variant13}. Seeds that follow one another give unrelated draws, which those of {@code
 * new Random(seed)} are not. Does not depend on the convention.
 *
 * @param deviation {@code σ}, the standard deviation of {@code log₂ S}; finite, 0 or more
 * @param seed which draw
 */
public record LogNormalScaling(double deviation, int seed) implements ScalingStrategy {

    static final String NAME = "log-normal";

    /**
     * Checks the deviation.
     *
     * @param deviation {@code σ}, the standard deviation of {@code log₂ S}
     * @param seed which draw
     * @throws IllegalArgumentException if {@code deviation} is outside its range
     */
    public LogNormalScaling {
        if (!(deviation >= 0) || Double.isInfinite(deviation)) {
            throw new IllegalArgumentException(
                    "The deviation of log-normal scaling must be a finite number, 0 or more, found "
                            + deviation
                            + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        List<String> weights =
                network.parameters().stream()
                        .filter(ParameterStructure::isWeight)
                        .map(ParameterStructure::path)
                        .toList();
        int place = parameter.isWeight() ? weights.indexOf(parameter.path()) : weights.size();
        Random random = new Random(mix(seed));
        double draw = random.nextGaussian();
        for (int i = 0; i < place; i++) {
            draw = random.nextGaussian();
        }
        return StrictMath.pow(2, deviation * draw);
    }

    /** One number of SplitMix64, since the first draws of Random hardly differ between seeds. */
    private static long mix(int seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "deviation", deviation, "seed", seed);
    }

    @Override
    public String toString() {
        return "logNormal(deviation=" + deviation + ", seed=" + seed + ")";
    }
}
