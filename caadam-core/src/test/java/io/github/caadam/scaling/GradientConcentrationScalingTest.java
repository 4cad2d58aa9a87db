// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.Networks;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values by hand: κ = mean|g| / √(mean g²), S = (κ/√(2/π))^γ, here with γ = 2. */
class GradientConcentrationScalingTest {

    /** κ of 1, 3 is (1 + 3)/2 / √5. */
    private static final double ONE_AND_THREE = Math.PI / 2 * 4 / 5;

    private static final double FLOAT = 1e-6;

    private final ScalingStrategy scaling = ScalingStrategy.gradientConcentration(2);
    private NDManager manager;

    @BeforeEach
    void openManager() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void closeManager() {
        manager.close();
    }

    @Test
    void gradientIsComparedWithANormalDistribution() {
        // κ² = 1; κ = 1/√4; (1 + 3)/2 / √5.
        assertThat(factor(manager.create(new float[] {2, -2})))
                .isCloseTo(Math.PI / 2, within(FLOAT));
        assertThat(factor(manager.create(new float[] {0, 7, 0, 0})))
                .isCloseTo(Math.PI / 2 / 4, within(FLOAT));
        assertThat(factor(manager.create(new float[] {1, 3})))
                .isCloseTo(ONE_AND_THREE, within(FLOAT));
    }

    @Test
    void doublePrecisionGradientHasAFactorOfDoublePrecision() {
        assertThat(factor(manager.create(new double[] {1, 3})))
                .isCloseTo(ONE_AND_THREE, within(1e-14));
    }

    /** Half precision holds 11 bits, so that κ² is known to a thousandth. */
    @Test
    void halfPrecisionGradientHasAFactor() {
        NDArray gradient = manager.create(new float[] {1, 3}).toType(DataType.FLOAT16, true);

        assertThat(factor(gradient)).isCloseTo(ONE_AND_THREE, within(2e-3));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT16", "FLOAT32", "FLOAT64"})
    void gradientsOfZerosAndWithoutValuesHaveFactorOne(DataType type) {
        assertThat(factor(manager.zeros(new Shape(3), type))).isEqualTo(1);
        assertThat(factor(manager.zeros(new Shape(0), type))).isEqualTo(1);
        assertThat(factor(manager.zeros(new Shape(4, 0), type))).isEqualTo(1);
    }

    /** The squares of these are 0 or infinite in single precision. */
    @ParameterizedTest
    @ValueSource(floats = {1e-30f, 1e-10f, 1e10f, 1e30f})
    void factorDoesNotDependOnTheSizeOfTheGradient(float size) {
        assertThat(factor(manager.create(new float[] {size, 3 * size})))
                .isCloseTo(ONE_AND_THREE, within(FLOAT));
    }

    /** An optimizer refuses it by the parameter's name. */
    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void gradientThatIsNotFiniteHasNoFactor(float value) {
        assertThat(factor(manager.create(new float[] {1, value}))).isNaN();
    }

    @Test
    void factorLeavesTheGradientAsItIsAndNoArrayBehind() {
        NetworkStructure network = network();
        NDArray gradient = manager.create(new float[] {1, -3});
        int before = manager.getManagedArrays().size();

        double factor = scaling.factor(network.parameters().get(0), network, gradient);

        assertThat(factor).isCloseTo(ONE_AND_THREE, within(FLOAT));

        assertThat(gradient.toFloatArray()).containsExactly(1, -3);
        assertThat(manager.getManagedArrays()).hasSize(before);
    }

    @Test
    void factorWithoutGradientIsOne() {
        NetworkStructure network = network();

        assertThat(scaling.factor(network.parameters().get(0), network)).isEqualTo(1);
    }

    @Test
    void everythingMadeOfItLooksAtTheGradient() {
        assertThat(scaling.isGradientAware()).isTrue();
        assertThat(scaling.times(ScalingStrategy.depth()).isGradientAware()).isTrue();
        assertThat(ScalingStrategy.depth().times(scaling).isGradientAware()).isTrue();
        assertThat(scaling.bounded(0, 1).isGradientAware()).isTrue();
        assertThat(scaling.overriding("_bias$", 1).isGradientAware()).isTrue();
        assertThat(ScalingStrategy.depth().bounded(0, 1).isGradientAware()).isFalse();
    }

    private double factor(NDArray gradient) {
        NetworkStructure network = network();
        return scaling.factor(network.parameters().get(0), network, gradient);
    }

    private NetworkStructure network() {
        return StructureInspector.inspect(
                Networks.initialized(manager, Networks.mlp(2, 1), new Shape(1, 3)),
                StructureConvention.PAPER);
    }
}
