package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** {@link ScalingStrategy#logNormal(double, int)}. */
record LogNormalScaling(double deviation, int seed) implements ScalingStrategy {

    static final String NAME = "log-normal";

    LogNormalScaling {
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
