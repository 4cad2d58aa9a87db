// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.Networks;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingStrategyTest {

    @Test
    void multiplicativeScalesBothSidesOfTheMedianByGamma() {
        // 64-32: c = 512, 2048, 32, so the largest and the smallest layer both get γ.
        NetworkStructure network = structure(8, 64, 32, 1);

        assertThat(factor(ScalingStrategy.multiplicative(0.5), network, 0)).isEqualTo(1);
        assertThat(factor(ScalingStrategy.multiplicative(0.5), network, 2))
                .isCloseTo(0.5, within(1e-12));
        assertThat(factor(ScalingStrategy.multiplicative(0.5), network, 4))
                .isCloseTo(0.5, within(1e-12));
    }

    @Test
    void layersOfOneSizeAreNotScaledByTheirConnections() {
        NetworkStructure network = structure(16, 16, 16);

        for (ParameterStructure parameter : network.parameters()) {
            assertThat(ScalingStrategy.additive().factor(parameter, network)).isEqualTo(1);
            assertThat(ScalingStrategy.multiplicative().factor(parameter, network)).isEqualTo(1);
        }
    }

    @Test
    void anEmptySideOfTheMedianIsNotScaled() {
        // c = 64, 64, 32: the median is the maximum.
        NetworkStructure network = structure(8, 8, 8, 4);

        assertThat(factor(ScalingStrategy.additive(), network, 0)).isEqualTo(1);
        assertThat(factor(ScalingStrategy.additive(), network, 4)).isCloseTo(1.95, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void multiplicativeRefusesGammaThatIsNotAboveZero(double gamma) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.multiplicative(gamma))
                .withMessageContaining("above 0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -2, Double.NaN})
    void depthRefusesGammaThatIsNotAboveMinusOne(double gamma) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.depth(gamma))
                .withMessageContaining("above -1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void additiveRefusesGammaThatWouldGiveNegativeFactors(double gamma) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.additive(gamma))
                .withMessageContaining("[0, 1]");
    }

    @Test
    void signedMultiplicativeRunsFromGammaOfTheSmallestLayerToItsInverseOfTheLargest() {
        // 64-32: c = 512, 2048, 32.
        NetworkStructure network = structure(8, 64, 32, 1);
        ScalingStrategy scaling = ScalingStrategy.multiplicativeSigned(5);

        assertThat(factor(scaling, network, 0)).isEqualTo(1);
        assertThat(factor(scaling, network, 2)).isCloseTo(0.2, within(1e-12));
        assertThat(factor(scaling, network, 4)).isCloseTo(5, within(1e-12));
    }

    @Test
    void fanInScalesInverselyWithGeometricMeanOne() {
        // Fan-in 8, 64, 32: geometric mean 16384^(1/3) = 25.398.
        NetworkStructure network = structure(8, 64, 32, 1);
        double mean = Math.cbrt(8 * 64 * 32);

        assertThat(factor(ScalingStrategy.fanIn(1), network, 0)).isCloseTo(mean / 8, within(1e-12));
        assertThat(factor(ScalingStrategy.fanIn(1), network, 1)).isCloseTo(mean / 8, within(1e-12));
        assertThat(factor(ScalingStrategy.fanIn(1), network, 2))
                .isCloseTo(mean / 64, within(1e-12));
        assertThat(factor(ScalingStrategy.fanIn(0.5), network, 4))
                .isCloseTo(Math.sqrt(mean / 32), within(1e-12));
        assertThat(factor(ScalingStrategy.fanIn(0), network, 4)).isEqualTo(1);
    }

    @Test
    void networkSizeScalesEveryParameterAlike() {
        // 64-32 on 8 inputs has 2,689 values.
        NetworkStructure network = structure(8, 64, 32, 1);

        for (ParameterStructure parameter : network.parameters()) {
            assertThat(ScalingStrategy.networkSize().factor(parameter, network))
                    .isCloseTo(Math.sqrt(250_000 / 2689.0), within(1e-12));
            assertThat(ScalingStrategy.networkSize(2689).factor(parameter, network)).isEqualTo(1);
        }
    }

    @Test
    void strategiesAreMultipliedBoundedAndOverridden() {
        NetworkStructure network = structure(8, 64, 32, 1);
        ScalingStrategy scaling =
                ScalingStrategy.multiplicative(5)
                        .times(ScalingStrategy.depth(1))
                        .bounded(0.5, 3)
                        .overriding("_bias$", 0.25);

        // Multiplicative 1, 5, 5; depth 2^(2/3), 2^(1/3), 1.
        assertThat(factor(scaling, network, 0)).isCloseTo(Math.cbrt(4), within(1e-12));
        assertThat(factor(scaling, network, 2)).isEqualTo(3);
        assertThat(factor(scaling, network, 4)).isEqualTo(3);
        assertThat(factor(scaling, network, 5)).isEqualTo(0.25);
        assertThat(scaling)
                .hasToString(
                        "multiplicative(gamma=5.0) * depth(gamma=1.0) in [0.5, 3.0] but 0.25 for"
                                + " /_bias$/");
    }

    @Test
    void missingPartsOfAStrategyAreRefusedAtOnce() {
        ScalingStrategy depth = ScalingStrategy.depth();

        assertThatNullPointerException()
                .isThrownBy(() -> depth.times(null))
                .withMessageContaining("ScalingStrategy.none()");
        assertThatNullPointerException()
                .isThrownBy(() -> depth.overriding(null, 1))
                .withMessageContaining("a regular expression such as \"_bias$\"");
        assertThatNullPointerException()
                .isThrownBy(() -> ScalingStrategy.gradientAware(null))
                .withMessageContaining("a function of a parameter, its network and its gradient");
    }

    @Test
    void numbersOutsideTheirRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.multiplicativeSigned(0))
                .withMessageContaining("above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.fanIn(Double.NaN))
                .withMessageContaining("finite number, found NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.networkSize(0))
                .withMessageContaining("above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.gradientConcentration(-1))
                .withMessageContaining("0 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.none().bounded(2, 1))
                .withMessageContaining("floor <= ceiling, found 2.0 and 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.none().overriding("x", -1))
                .withMessageContaining("0 or more, found -1.0");
    }

    private static double factor(ScalingStrategy scaling, NetworkStructure network, int index) {
        return scaling.factor(network.parameters().get(index), network);
    }

    private static NetworkStructure structure(int inputs, int... units) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return StructureInspector.inspect(
                    Networks.initialized(manager, Networks.mlp(units), new Shape(1, inputs)),
                    StructureConvention.PAPER);
        }
    }
}
