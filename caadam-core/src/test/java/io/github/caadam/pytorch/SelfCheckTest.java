// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.caadam.Networks;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.StepRecipe;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.ResidualBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Right programs pass, wrong ones are refused with what is wrong, and neither leaves a trace. Wrong
 * by a thousandth: the bound of {@link SelfCheck} is a hundredth of that.
 */
class SelfCheckTest {

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    static Stream<Arguments> knownBlocks() {
        Shape vector = new Shape(2, 6);
        Shape series = new Shape(2, 4, 9);
        Shape image = new Shape(2, 4, 8, 7);
        Shape volume = new Shape(2, 4, 5, 6, 5);
        Stream<Arguments> layers =
                Stream.of(
                        known("linear", vector, linear()),
                        known(
                                "linear without bias",
                                vector,
                                Linear.builder().setUnits(3).optBias(false).build()),
                        known("linear of images", image, linear()),
                        known(
                                "conv1d",
                                series,
                                Conv1d.builder()
                                        .setKernelShape(new Shape(3))
                                        .setFilters(6)
                                        .optStride(new Shape(2))
                                        .optPadding(new Shape(1))
                                        .optDilation(new Shape(2))
                                        .optGroups(2)
                                        .build()),
                        known(
                                "conv2d",
                                image,
                                Conv2d.builder()
                                        .setKernelShape(new Shape(3, 2))
                                        .setFilters(6)
                                        .optStride(new Shape(2, 1))
                                        .optPadding(new Shape(1, 2))
                                        .optDilation(new Shape(1, 2))
                                        .optGroups(2)
                                        .build()),
                        known(
                                "conv2d without bias",
                                image,
                                Conv2d.builder()
                                        .setKernelShape(new Shape(3, 3))
                                        .setFilters(3)
                                        .optBias(false)
                                        .build()),
                        known(
                                "conv3d",
                                volume,
                                Conv3d.builder()
                                        .setKernelShape(new Shape(2, 3, 2))
                                        .setFilters(4)
                                        .optStride(new Shape(1, 2, 1))
                                        .optPadding(new Shape(1, 0, 1))
                                        .build()),
                        known("batch norm of vectors", vector, linear(), norm(1)),
                        known("batch norm of images", image, norm(1)),
                        known("batch norm of the last axis", image, norm(3)),
                        known("batch norm of axis 2", image, norm(2)),
                        known("dropout", vector, linear(), dropout(), linear()),
                        known(
                                "residual",
                                image,
                                conv(4),
                                new ResidualBlock(
                                        new SequentialBlock().add(conv(4)).add(norm(1)),
                                        Blocks.identityBlock()),
                                new ResidualBlock(new SequentialBlock().add(conv(5)), conv(5))),
                        known("flatten", image, conv(2), Blocks.batchFlattenBlock(), linear()),
                        known("global max", image, conv(2), Pool.globalMaxPool2dBlock(), linear()),
                        known("global avg", image, conv(2), Pool.globalAvgPool2dBlock(), linear()),
                        known(
                                "max pooling",
                                image,
                                conv(2),
                                Pool.maxPool2dBlock(
                                        new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), true)),
                        known(
                                "avg pooling",
                                image,
                                conv(2),
                                Pool.avgPool2dBlock(
                                        new Shape(3, 3),
                                        new Shape(2, 2),
                                        new Shape(1, 1),
                                        true,
                                        false)));
        Stream<Arguments> activations =
                Stream.of(
                                Activation.reluBlock(),
                                Activation.relu6Block(),
                                Activation.sigmoidBlock(),
                                Activation.tanhBlock(),
                                Activation.softPlusBlock(),
                                Activation.softSignBlock(),
                                Activation.leakyReluBlock(0.2f),
                                Activation.eluBlock(0.7f),
                                Activation.seluBlock(),
                                Activation.geluBlock(),
                                Activation.swishBlock(0.8f),
                                Activation.mishBlock(),
                                Blocks.identityBlock())
                        .map(block -> known(block.toString(), vector, linear(), block, linear()));
        return Stream.concat(layers, activations);
    }

    private static Arguments known(String name, Shape input, Block... blocks) {
        SequentialBlock network = new SequentialBlock();
        Stream.of(blocks).forEach(network::add);
        return Arguments.of(name, input, network);
    }

    private static Linear linear() {
        return Linear.builder().setUnits(3).build();
    }

    private static Block conv(int filters) {
        return Conv2d.builder()
                .setKernelShape(new Shape(3, 3))
                .setFilters(filters)
                .optPadding(new Shape(1, 1))
                .build();
    }

    private static Block norm(int axis) {
        return BatchNorm.builder().optAxis(axis).optMomentum(0.7f).optEpsilon(1e-3f).build();
    }

    private static Block dropout() {
        return Dropout.builder().optRate(0.4f).build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("knownBlocks")
    void theProgramOfAKnownBlockPasses(String name, Shape input, Block block) {
        Block network = Networks.initialized(manager, block, input);

        assertThatCode(() -> check(network, new MeanSquaredError())).doesNotThrowAnyException();
    }

    static Stream<Loss> knownLosses() {
        return Stream.of(
                Loss.l2Loss(),
                Loss.l2Loss("weighted", 3),
                Loss.softmaxCrossEntropyLoss(),
                new SoftmaxCrossEntropyLoss("probabilities", 1, -1, false, true),
                new SoftmaxCrossEntropyLoss("logarithms", 1, -1, true, false));
    }

    @ParameterizedTest
    @MethodSource("knownLosses")
    void theProgramOfAKnownLossPasses(Loss loss) {
        Block network =
                Networks.initialized(
                        manager, Networks.mlp(5, 3).add(Activation.tanhBlock()), new Shape(2, 6));

        assertThatCode(() -> check(network, loss)).doesNotThrowAnyException();
        assertThatCode(() -> check(network, new L2PenalizedLoss(loss, network, 0.1f, "_weight$")))
                .doesNotThrowAnyException();
    }

    private static void check(Block network, Loss loss) throws NotAcceleratedException {
        NetworkCode code = new NetworkCode(network, loss);
        code.check(names(network), code.isOfVectors());
    }

    private static ParameterNames names(Block network) {
        List<Parameter> trained = new ArrayList<>();
        List<Parameter> others = new ArrayList<>();
        for (Parameter parameter : network.getParameters().values()) {
            (parameter.requiresGradient() ? trained : others).add(parameter);
        }
        return new ParameterNames(trained, others);
    }

    /** An MLP with a normalisation: 01Linear, 02BatchNorm, 03LambdaBlock (tanh), 04Linear. */
    private Block normalized() {
        return Networks.initialized(
                manager,
                new SequentialBlock()
                        .add(linear())
                        .add(norm(1))
                        .add(Activation.tanhBlock())
                        .add(linear()),
                new Shape(2, 6));
    }

    /** Replaces the layers of a network, in its program and where culprits are looked for. */
    private static Layer replaced(NetworkCode code, int place, UnaryOperator<Layer> change) {
        List<BlockReader.Leaf> leaves = code.leaves();
        BlockReader.Leaf leaf = leaves.get(place);
        leaves.set(
                place, new BlockReader.Leaf(leaf.path(), leaf.block(), change.apply(leaf.layer())));
        return new Layer.Chain(leaves.stream().map(BlockReader.Leaf::layer).toList());
    }

    private static void check(NetworkCode code, Layer network, LossCode loss)
            throws NotAcceleratedException {
        ParameterNames names = names(code.block());
        check(code, names, new RecordedGradients(network, loss, names, true));
    }

    private static void check(NetworkCode code, ParameterNames names, GradientCode gradients)
            throws NotAcceleratedException {
        Shape row = NetworkCode.sampleOf(code.block()).orElseThrow();
        new SelfCheck(code, row, true).check(names, gradients);
    }

    @Test
    void aLayerThatComputesSomethingElseIsNamed() throws NotAcceleratedException {
        NetworkCode code = new NetworkCode(normalized(), new MeanSquaredError());
        Layer wrong =
                replaced(code, 2, layer -> new Layer.Formula("torch.mul(torch.tanh(@), 1.001)"));

        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(() -> check(code, wrong, code.lossCode()))
                .satisfies(e -> assertThat(e.part()).isEqualTo("03LambdaBlock"))
                .withMessageContaining("computes something else than DJL does");
    }

    @Test
    void aLayerWithParametersThatAddsSomethingIsNamed() throws NotAcceleratedException {
        NetworkCode code = new NetworkCode(normalized(), new MeanSquaredError());
        Layer wrong =
                replaced(
                        code,
                        3,
                        layer ->
                                new Layer.Chain(
                                        List.of(layer, new Layer.Formula("torch.add(@, 0.001)"))));

        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(() -> check(code, wrong, code.lossCode()))
                .satisfies(e -> assertThat(e.part()).isEqualTo("04Linear"));
    }

    /** The blocks by themselves are right after training, so that the statistics are named. */
    @Test
    void aWrongUpdateOfRunningStatisticsIsRefused() throws NotAcceleratedException {
        NetworkCode code = new NetworkCode(normalized(), new MeanSquaredError());
        Layer wrong =
                replaced(
                        code,
                        1,
                        layer -> {
                            Layer.BatchNormalization norm = (Layer.BatchNormalization) layer;
                            return new Layer.BatchNormalization(
                                    norm.gamma(),
                                    norm.beta(),
                                    norm.runningMean(),
                                    norm.runningVar(),
                                    norm.axis(),
                                    norm.newWeight() * 1.01,
                                    norm.epsilon());
                        });

        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(() -> check(code, wrong, code.lossCode()))
                .withMessageContaining("in 02BatchNorm_running");
    }

    @Test
    void aLossWithAWrongFactorIsRefused() throws NotAcceleratedException {
        NetworkCode code = new NetworkCode(normalized(), new MeanSquaredError());

        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(() -> check(code, code.network(), new LossCode.SquaredError(1.001)))
                .withMessageContaining("a loss of");
        assertThatCode(() -> check(code, code.network(), code.lossCode()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aWrongGradientIsRefusedWithItsParameter(int place) throws NotAcceleratedException {
        Block block = Networks.initialized(manager, Networks.mlp(5, 3), new Shape(2, 6));
        NetworkCode code = new NetworkCode(block, new MeanSquaredError());
        ParameterNames names = names(block);
        for (GradientCode right :
                List.of(
                        ChainGradients.of(code.network(), code.lossCode(), names).orElseThrow(),
                        new RecordedGradients(code.network(), code.lossCode(), names, true))) {
            assertThatExceptionOfType(NotAcceleratedException.class)
                    .isThrownBy(() -> check(code, names, new Spoiled(right, place)))
                    .satisfies(e -> assertThat(e.part()).isEqualTo("the block"))
                    .withMessageContaining("for " + block.getParameters().keys().get(place))
                    .withMessageContaining("a gradient of");
            assertThatCode(() -> check(code, names, right)).doesNotThrowAnyException();
        }
    }

    /** The descent goes as if one gradient were a thousandth too large. */
    private record Spoiled(GradientCode right, int place) implements GradientCode {

        @Override
        public ScriptModule.Mode mode() {
            return right.mode();
        }

        @Override
        public ParameterArrays arrays(
                List<TrainingProgram.ParameterGroup> groups, StepRecipe recipe) {
            return right.arrays(groups, recipe);
        }

        @Override
        public String writeBatches(SourceWriter out, Consumer<SourceWriter> step) {
            return right.writeBatches(
                    out,
                    inner -> {
                        inner.line("before = torch.clone(p" + place + ")");
                        step.accept(inner);
                        inner.line(
                                "torch.add_(p0, torch.sub(p0, before), alpha=0.001)"
                                        .replace("p0", "p" + place));
                    });
        }
    }

    @Test
    void gradientsOfAChainThatLacksALayerAreRefused() throws NotAcceleratedException {
        Block block = Networks.initialized(manager, Networks.mlp(6, 6, 2), new Shape(2, 6));
        NetworkCode code = new NetworkCode(block, new MeanSquaredError());
        List<Layer> layers =
                new ArrayList<>(code.leaves().stream().map(BlockReader.Leaf::layer).toList());
        layers.remove(1);
        ParameterNames names = names(block);
        GradientCode lacking =
                ChainGradients.of(new Layer.Chain(layers), code.lossCode(), names).orElseThrow();

        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(() -> check(code, names, lacking));
    }

    /** Everything is as before, whether the program is right or wrong. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCheckLeavesNoTrace(boolean wrong) throws Exception {
        Block block =
                Networks.initialized(
                        manager,
                        new SequentialBlock()
                                .add(linear())
                                .add(norm(1))
                                .add(dropout())
                                .add(linear()),
                        new Shape(2, 6));
        accumulateGradients(block);
        List<double[]> before = traces(block);
        Engine engine = Engine.getEngine("PyTorch");
        engine.setRandomSeed(11);
        float[] numbers = manager.randomNormal(new Shape(5)).toFloatArray();
        engine.setRandomSeed(11);
        boolean gradientMode = JniUtils.isGradMode();

        NetworkCode code = new NetworkCode(block, new MeanSquaredError());
        if (wrong) {
            ParameterNames names = names(block);
            Layer twice =
                    new Layer.Chain(
                            List.of(code.network(), new Layer.Formula("torch.mul(@, 2.0)")));
            GradientCode gradients = new RecordedGradients(twice, code.lossCode(), names, false);
            assertThatExceptionOfType(NotAcceleratedException.class)
                    .isThrownBy(
                            () -> new SelfCheck(code, new Shape(6), false).check(names, gradients));
        } else {
            check(block, new MeanSquaredError());
        }

        assertThat(JniUtils.isGradMode()).isEqualTo(gradientMode);
        assertThat(manager.randomNormal(new Shape(5)).toFloatArray()).containsExactly(numbers);
        assertThat(traces(block)).containsExactlyElementsOf(before);
        assertThat(block.getParameters().values())
                .allSatisfy(
                        p -> assertThat(p.getArray().getDataType()).isEqualTo(DataType.FLOAT32));
    }

    private void accumulateGradients(Block block) {
        ParameterStore store = new ParameterStore(manager, false);
        NDArray rows = manager.randomUniform(-1, 1, new Shape(4, 6));
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(block.forward(store, new NDList(rows), true).head().square().mean());
        }
    }

    /** The values of all parameters, and the gradients of those that are trained. */
    private static List<double[]> traces(Block block) {
        List<double[]> traces = Executions.values(block);
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.requiresGradient()) {
                double[] gradient = Executions.values(parameter.getArray().getGradient());
                traces.add(gradient);
            }
        }
        return traces;
    }

    @Test
    void aBlockThatDjlItselfCannotTrainIsRefusedWithTheReason() throws NotAcceleratedException {
        NetworkCode code = new NetworkCode(normalized(), new MeanSquaredError());
        ParameterNames names = names(code.block());
        SelfCheck check = new SelfCheck(code, new Shape(7), true);

        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(
                        () ->
                                check.check(
                                        names,
                                        new RecordedGradients(
                                                code.network(), code.lossCode(), names, true)))
                .withMessageContaining("DJL itself cannot train it on rows of the shape (7)");
    }
}
