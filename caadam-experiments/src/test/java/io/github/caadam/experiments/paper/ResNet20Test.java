// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import io.github.caadam.experiments.Suite;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResNet20Test {

    private static final double FOUR_DECIMALS = 0.5e-4;

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
    void hasTheParametersOfTheKerasModel() {
        // Each convolution with its bias and the gamma and beta behind it, then the dense layer.
        long trained =
                parameters(3, 3, 16)
                        + 6 * parameters(3, 16, 16)
                        + parameters(3, 16, 32)
                        + 5 * parameters(3, 32, 32)
                        + parameters(1, 16, 32)
                        + parameters(3, 32, 64)
                        + 5 * parameters(3, 64, 64)
                        + parameters(1, 32, 64)
                        + (64 * 10 + 10);
        long running = 2L * (7 * 16 + 7 * 32 + 7 * 64);
        // What Keras 3.15 counts for the same layers: 274,442 for the network of its CIFAR-10
        // example, and 4·(32 + 64) for the batch normalisation of the two shortcuts.
        assertThat(trained).isEqualTo(273_258);
        assertThat(trained + running).isEqualTo(274_442 + 4 * (32 + 64));

        Block block = initialized(10, 0);

        assertThat(inspect(block, StructureConvention.PAPER).size()).isEqualTo(trained);
        assertThat(
                        block.getParameters().values().stream()
                                .mapToLong(p -> p.getShape().size())
                                .sum())
                .isEqualTo(trained + running);
    }

    /** The values of a convolution with its bias and the gamma and beta behind it. */
    private static long parameters(long kernel, long inputs, long filters) {
        return kernel * kernel * inputs * filters + 3 * filters;
    }

    @ParameterizedTest
    @CsvSource({"10, 6912", "100, 7808"})
    void hasEightySixTensorsInTwentyTwoLayersTwentyDeep(int classes, double median) {
        NetworkStructure network = inspect(initialized(classes, 0), StructureConvention.PAPER);

        assertThat(network.parameters()).hasSize(86);
        assertThat(network.parameters().stream().filter(p -> p.shape().dimension() > 1))
                .hasSize(22);
        assertThat(network.minConnections()).isEqualTo(432);
        assertThat(network.medianConnections()).isEqualTo(median);
        assertThat(network.maxConnections()).isEqualTo(36_864);
        assertThat(network.totalDepth()).isEqualTo(20);
    }

    @Test
    void shortcutStandsBesideTheUnitsFirstConvolution() {
        NetworkStructure network = inspect(initialized(10, 0), StructureConvention.PAPER);

        // The stem at 0, three units of stage 1 from 1 to 6: stage 2 starts at 7, its second unit
        // at 9.
        assertThat(network.parameters())
                .filteredOn(p -> p.path().matches("0[78]Residual.*Conv2d_weight"))
                .extracting(ParameterStructure::shape, ParameterStructure::depth)
                .containsExactly(
                        tuple(new Shape(32, 16, 3, 3), 7),
                        tuple(new Shape(32, 32, 3, 3), 8),
                        tuple(new Shape(32, 16, 1, 1), 7),
                        tuple(new Shape(32, 32, 3, 3), 9),
                        tuple(new Shape(32, 32, 3, 3), 10));
        assertThat(network.parameters().get(85).depth()).isEqualTo(19);
    }

    /** Values that the published package {@code caadam} 0.1.1 gives on Keras 3. */
    @ParameterizedTest
    @CsvSource({"10, 1.9195, 2.0133, 4.7483, 5.5663", "100, 1.1813, 2.0056, 1.3596, 5.4942"})
    void referenceConventionGivesEveryKernelTheFactorOfTheDenseLayer(
            int classes,
            double additiveKernel,
            double additiveOther,
            double multiplicativeKernel,
            double multiplicativeOther) {
        NetworkStructure network = inspect(initialized(classes, 0), StructureConvention.REFERENCE);

        assertThat(network.totalDepth()).isEqualTo(86);
        assertFactors(network, ScalingStrategy.additive(0.95), additiveKernel, additiveOther);
        assertFactors(
                network,
                ScalingStrategy.multiplicative(5.0),
                multiplicativeKernel,
                multiplicativeOther);
    }

    private static void assertFactors(
            NetworkStructure network, ScalingStrategy scaling, double kernel, double other) {
        for (ParameterStructure parameter : network.parameters()) {
            assertThat(scaling.factor(parameter, network))
                    .as(parameter.path())
                    .isCloseTo(
                            parameter.shape().dimension() > 1 ? kernel : other,
                            within(FOUR_DECIMALS));
        }
    }

    @ParameterizedTest
    @CsvSource({"32", "56"})
    void givesLogitsForImagesOfAnyOfThePapersSizes(int size) {
        Block block = initialized(10, 0);

        NDArray logits =
                block.forward(
                                new ParameterStore(manager, false),
                                new NDList(manager.ones(new Shape(2, 3, size, size))),
                                false)
                        .singletonOrThrow();

        assertThat(logits.getShape()).isEqualTo(new Shape(2, 10));
        assertThat(block.getOutputShapes(new Shape[] {new Shape(2, 3, size, size)}))
                .containsExactly(new Shape(2, 10));
    }

    @Test
    void everyTrainableTensorGetsAGradient() {
        try (Model model = Model.newInstance("test", "PyTorch")) {
            model.setBlock(Suite.block("resnet20", new Shape(3, 32, 32), 10, 0));
            try (Trainer trainer =
                    model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()))) {
                trainer.initialize(new Shape(4, 3, 32, 32));
                NDManager batch = trainer.getManager();
                NDList images =
                        new NDList(batch.arange(4f * 3 * 32 * 32).reshape(4, 3, 32, 32).div(1e4f));
                NDList classes = new NDList(batch.create(new float[] {0, 1, 2, 3}));
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    collector.backward(
                            trainer.getLoss().evaluate(classes, trainer.forward(images)));
                }
                assertThat(
                                model.getBlock().getParameters().values().stream()
                                        .filter(Parameter::requiresGradient)
                                        .map(p -> p.getArray().getGradient().abs().sum()))
                        .hasSize(86)
                        .allSatisfy(sum -> assertThat(sum.getFloat()).isFinite());
            }
        }
    }

    @Test
    void seedGivesTheSameWeightsEachTime() {
        assertThat(values(initialized(10, 1))).isEqualTo(values(initialized(10, 1)));
        assertThat(values(initialized(10, 2)).get(0))
                .isNotEqualTo(values(initialized(10, 1)).get(0));
    }

    private static List<List<Float>> values(Block block) {
        return block.getParameters().values().stream()
                .map(
                        p -> {
                            float[] values = p.getArray().toFloatArray();
                            return IntStream.range(0, values.length)
                                    .mapToObj(i -> values[i])
                                    .toList();
                        })
                .toList();
    }

    @Test
    void initialWeightsAreHeNormalButForTheShortcutsAndTheDenseLayer() {
        for (Parameter parameter : initialized(100, 0).getParameters().values()) {
            if (parameter.getType() == Parameter.Type.WEIGHT) {
                Shape shape = parameter.getShape();
                long kernel = shape.slice(2).size();
                double fanIn = kernel * shape.get(1);
                double fanOut = kernel * shape.get(0);
                double deviation =
                        kernel == 9 ? Math.sqrt(2 / fanIn) : Math.sqrt(2 / (fanIn + fanOut));
                // Largest values: two deviations of the uncut normal, √3 of the uniform.
                double largest = kernel == 9 ? 2 / 0.8796256610342398 : Math.sqrt(3);
                double count = shape.size();
                double tolerance = 4 / Math.sqrt(count);

                NDArray weight = parameter.getArray();
                assertThat((double) weight.mean().getFloat() / deviation)
                        .as("mean of %s", shape)
                        .isCloseTo(0, within(tolerance));
                assertThat(Math.sqrt(weight.square().mean().getFloat()) / deviation)
                        .as("deviation of %s", shape)
                        .isCloseTo(1, within(tolerance));
                assertThat((double) weight.abs().max().getFloat() / deviation)
                        .as("largest of %s", shape)
                        .isLessThan(largest * (1 + 1e-6));
            } else if (parameter.getType() == Parameter.Type.BIAS) {
                assertThat(parameter.getArray().abs().max().getFloat()).isZero();
            }
        }
    }

    /** One step on values of mean 10 moves a running mean of 0 by a hundredth of that. */
    @Test
    void momentumIsTheWeightOfTheOldRunningMean() {
        BatchNorm norm = BatchNorm.builder().optMomentum(0.99f).build();
        norm.initialize(manager, DataType.FLOAT32, new Shape(4, 1, 2, 2));

        norm.forward(
                new ParameterStore(manager, false),
                new NDList(manager.full(new Shape(4, 1, 2, 2), 10f)),
                true);

        assertThat(norm.getParameters().get("runningMean").getArray().getFloat())
                .isCloseTo(0.1f, within(1e-6f));
    }

    private Block initialized(int classes, int seed) {
        Block block = Suite.block("resnet20", new Shape(3, 32, 32), classes, seed);
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 32, 32));
        return block;
    }

    private static NetworkStructure inspect(Block block, StructureConvention convention) {
        return StructureInspector.inspect(block, convention);
    }
}
