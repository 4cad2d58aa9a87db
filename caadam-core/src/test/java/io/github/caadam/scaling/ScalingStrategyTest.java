package io.github.caadam.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
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
