// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
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
        if (gradient.isEmpty()) {
            return 1;
        }
        try (NDArray magnitudes = magnitudes(gradient);
                NDArray largest = magnitudes.max()) {
            return number(largest) == 0 ? 1 : factor(magnitudes, largest);
        }
    }

    /** Divides by the largest magnitude first, so that no square overflows or becomes 0. */
    private double factor(NDArray magnitudes, NDArray largest) {
        try (NDArray relative = magnitudes.div(largest);
                NDArray squares = relative.square();
                NDArray mean = relative.mean();
                NDArray meanSquare = squares.mean()) {
            double concentration = number(mean) / Math.sqrt(number(meanSquare));
            return StrictMath.pow(concentration / NORMAL, gamma);
        }
    }

    @Override
    public boolean isGradientAware() {
        return true;
    }

    /** Returns |g| in double precision where the gradient has that, else in single precision. */
    private static NDArray magnitudes(NDArray gradient) {
        NDArray magnitudes = gradient.abs();
        if (isDouble(gradient) || gradient.getDataType() == DataType.FLOAT32) {
            return magnitudes;
        }
        try (magnitudes) {
            return magnitudes.toType(DataType.FLOAT32, true);
        }
    }

    private static double number(NDArray scalar) {
        return isDouble(scalar) ? scalar.getDouble() : scalar.getFloat();
    }

    private static boolean isDouble(NDArray array) {
        return array.getDataType() == DataType.FLOAT64;
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
