// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.Suite;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the MLP 64-32 with 8 inputs: three weights, three biases. */
class LogNormalScalingTest {

    private static final int SEEDS = 2000;

    @ParameterizedTest(name = "seed {0}")
    @CsvSource({
        // scripts/golden/log_normal_factors.py
        "0, 0.6322190924694431, 1.1140432181086661, 1.1312729549006608, 1.3841864296151263",
        "1, 2.4326203129615207, 0.8028236911436949, 0.6309349139806935, 0.9183427307958252",
        "244, 0.8068101563285686, 1.0701409749831234, 2.2275978063976, 3.1625730640185963"
    })
    void weightsHaveTheirOwnDrawsInForwardOrderAndBiasesTheNextOneInCommon(
            int seed, double first, double second, double third, double biases) {
        assertThat(factors(0.8, seed))
                .containsExactly(
                        new double[] {first, biases, second, biases, third, biases}, within(1e-12));
    }

    /** Mean within 4 standard errors of 0, deviation within 4 of its standard errors of σ. */
    @Test
    void logarithmsHaveTheDeviationAroundZero() {
        for (double[] logs : logarithms()) {
            double mean = DoubleStream.of(logs).average().orElseThrow();
            double squares = DoubleStream.of(logs).map(x -> (x - mean) * (x - mean)).sum();

            assertThat(mean).isCloseTo(0, within(4 * 0.8 / Math.sqrt(SEEDS)));
            assertThat(Math.sqrt(squares / (SEEDS - 1)))
                    .isCloseTo(0.8, within(4 * 0.8 / Math.sqrt(2.0 * SEEDS)));
        }
    }

    /** Correlations within 4 of their standard errors, 1/√n, of 0. */
    @Test
    void drawsOfSeedsThatFollowEachOtherAndOfDifferentWeightsAreUnrelated() {
        double[][] logs = logarithms();

        for (int i = 0; i < logs.length; i++) {
            double[] one = logs[i];
            double next =
                    IntStream.range(1, SEEDS).mapToDouble(k -> one[k] * one[k - 1]).sum()
                            / (0.8 * 0.8 * (SEEDS - 1));
            assertThat(next).isCloseTo(0, within(4 / Math.sqrt(SEEDS)));
            for (int j = 0; j < i; j++) {
                double[] other = logs[j];
                double both =
                        IntStream.range(0, SEEDS).mapToDouble(k -> one[k] * other[k]).sum()
                                / (0.8 * 0.8 * SEEDS);
                assertThat(both).isCloseTo(0, within(4 / Math.sqrt(SEEDS)));
            }
        }
    }

    @Test
    void deviationScalesTheLogarithmsOfTheSameDraw() {
        double[] narrow = factors(0.5, 3);
        double[] wide = factors(1, 3);

        for (int i = 0; i < narrow.length; i++) {
            assertThat(narrow[i] * narrow[i]).isCloseTo(wide[i], within(1e-12));
        }
        assertThat(factors(0, 3)).containsOnly(1.0);
    }

    @Test
    void deviationsOutsideTheirRangeAreRefused() {
        for (double deviation : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LogNormalScaling(deviation, 0))
                    .withMessageContaining("0 or more, found " + deviation);
        }
    }

    @Test
    void descriptionHasDeviationAndSeed() {
        assertThat(new LogNormalScaling(0.8, 7).describe())
                .isEqualTo(Map.of("strategy", "log-normal", "deviation", 0.8, "seed", 7));
        assertThat(new LogNormalScaling(0.8, 7)).hasToString("logNormal(deviation=0.8, seed=7)");
    }

    /** Returns log₂ S of the three weights and of the biases, over the seeds. */
    private static double[][] logarithms() {
        double[][] logs = new double[4][SEEDS];
        NetworkStructure network = network();
        List<Integer> parameters = List.of(0, 2, 4, 1);
        for (int seed = 0; seed < SEEDS; seed++) {
            ScalingStrategy strategy = new LogNormalScaling(0.8, seed);
            for (int i = 0; i < logs.length; i++) {
                double factor =
                        strategy.factor(network.parameters().get(parameters.get(i)), network);
                logs[i][seed] = Math.log(factor) / Math.log(2);
            }
        }
        return logs;
    }

    private static double[] factors(double deviation, int seed) {
        ScalingStrategy strategy = new LogNormalScaling(deviation, seed);
        NetworkStructure network = network();
        return network.parameters().stream()
                .mapToDouble(parameter -> strategy.factor(parameter, network))
                .toArray();
    }

    private static NetworkStructure network() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = Suite.block("mlp:64-32", new Shape(8), 1, 0);
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
            return StructureInspector.inspect(block, StructureConvention.REFERENCE);
        }
    }
}
