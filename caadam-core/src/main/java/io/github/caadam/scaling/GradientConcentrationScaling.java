package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.Map;

/** {@link ScalingStrategy#gradientConcentration(double)}. */
record GradientConcentrationScaling(double gamma) implements ScalingStrategy {

    static final String NAME = "gradient-concentration";

    /** The mean of |x| over the root of the mean of x² for a normal distribution, √(2/π). */
    private static final double NORMAL = Math.sqrt(2 / Math.PI);

    GradientConcentrationScaling {
        if (!(gamma >= 0) || Double.isInfinite(gamma)) {
            throw new IllegalArgumentException(
                    "The gamma of gradient-concentration scaling must be a finite number, 0 or"
                            + " more, found "
                            + gamma
                            + ".");
        }
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return 1;
    }

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network, NDArray gradient) {
        double meanAbsolute = mean(gradient.abs());
        double rootMeanSquare = Math.sqrt(mean(gradient.square()));
        return rootMeanSquare == 0
                ? 1
                : StrictMath.pow(meanAbsolute / rootMeanSquare / NORMAL, gamma);
    }

    @Override
    public boolean isGradientAware() {
        return true;
    }

    private static double mean(NDArray values) {
        try (values;
                NDArray mean = values.mean()) {
            return mean.getFloat();
        }
    }

    @Override
    public Map<String, Object> describe() {
        return Descriptions.of(NAME, "gamma", gamma);
    }

    @Override
    public String toString() {
        return "gradientConcentration(gamma=" + gamma + ")";
    }
}
