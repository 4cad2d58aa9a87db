// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.Suite;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.Options;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The paper's ResNet-20 beside the same network in Keras, with the same weights. Golden values by
 * scripts/golden/keras_resnet20.py, which says how weights and images are drawn and tensors summed
 * up.
 */
class ResNet20GoldenTest {

    private static final Shape CIFAR = new Shape(3, 32, 32);
    private static final int STREAM_SEED = 20;
    private static final int VECTOR_SEED = 1;

    /** Of logits up to 5. Measured: 2e-6, from single precision, Keras' normalisations included. */
    private static final double LOGIT_TOLERANCE = 1e-5;

    /** Of losses of 3 to 8. Measured: 1e-6. */
    private static final double LOSS_TOLERANCE = 1e-5;

    /**
     * Of gradients, relative to their norm. Measured: 5e-6; more is left because a gradient jumps
     * where another order of sums lifts a ReLU's input over 0.
     */
    private static final double GRADIENT_TOLERANCE = 5e-5;

    /** Of the biases' gradients before normalisations, 0 but for rounding. Measured: 6e-7. */
    private static final double ZERO_GRADIENT = 5e-6;

    /**
     * Of running statistics, relative to their norm. Measured: 2e-7. The unbiased variance moves
     * them by 2e-6 and more.
     */
    private static final double RUNNING_TOLERANCE = 5e-7;

    static Stream<JsonNode> cases() throws IOException {
        return stream(golden().get("cases"));
    }

    private static JsonNode golden() throws IOException {
        try (InputStream in =
                ResNet20GoldenTest.class.getResourceAsStream("/golden/keras-resnet20.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hasTheParametersOfKeras(JsonNode golden) {
        try (Network network = new Network(golden)) {
            assertThat(network.block.getParameters().keys())
                    .containsExactlyInAnyOrderElementsOf(
                            stream(golden.get("tensors"))
                                    .map(t -> t.get("path").asText())
                                    .toList());
            assertThat(network.trained().count()).isEqualTo(86);
            assertThat(network.trained().mapToLong(p -> p.getShape().size()).sum())
                    .isEqualTo(golden.get("trainableParameters").asLong());
            assertThat(
                            network.block.getParameters().values().stream()
                                    .mapToLong(p -> p.getShape().size())
                                    .sum())
                    .isEqualTo(golden.get("parameters").asLong());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void evaluatesAsKeras(JsonNode golden) throws Exception {
        try (Network network = new Network(golden)) {
            JsonNode expected = golden.get("evaluation");
            double loss =
                    expected.get("crossEntropy").asDouble() + golden.get("penalty").asDouble();

            NDArray logits = network.evaluate();

            assertClose(logits, expected.get("logits"));
            assertThat((double) network.lossOf(logits).getFloat())
                    .isCloseTo(loss, within(LOSS_TOLERANCE));
            try (CompiledEpoch program = network.compile()) {
                assertThat(program.evaluate(network.images, network.labels))
                        .isCloseTo(loss, within(LOSS_TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainsAsKeras(JsonNode golden) {
        try (Network network = new Network(golden)) {
            JsonNode expected = golden.get("training");
            try (GradientCollector collector = network.trainer.newGradientCollector()) {
                NDArray logits =
                        network.trainer.forward(new NDList(network.images)).singletonOrThrow();
                NDArray loss = network.lossOf(logits);
                collector.backward(loss);

                assertClose(logits, expected.get("logits"));
                assertThat((double) loss.getFloat())
                        .isCloseTo(expected.get("loss").asDouble(), within(LOSS_TOLERANCE));
            }
            for (JsonNode tensor : golden.get("tensors")) {
                if (tensor.has("gradient")) {
                    assertSummary(
                            network.array(tensor).getGradient(),
                            tensor,
                            "gradient",
                            GRADIENT_TOLERANCE,
                            ZERO_GRADIENT);
                }
            }
            network.assertRunningStatistics(golden);
            assertClose(network.evaluate(), golden.get("evaluationAfterwards").get("logits"));
        }
    }

    /** A step changes the weights, too, so that nothing can be evaluated afterwards. */
    @ParameterizedTest
    @MethodSource("cases")
    void trainsAsKerasWhenCompiled(JsonNode golden) throws Exception {
        try (Network network = new Network(golden);
                CompiledEpoch program = network.compile()) {
            double loss =
                    program.run(
                            network.images,
                            network.labels,
                            IntStream.range(0, golden.get("images").asInt()).toArray());

            assertThat(loss)
                    .isCloseTo(
                            golden.get("training").get("loss").asDouble(), within(LOSS_TOLERANCE));
            network.assertRunningStatistics(golden);
        }
    }

    /** The package computes in double precision, and the file has ten digits. */
    @ParameterizedTest
    @ValueSource(strings = {"10", "100"})
    void referenceConventionHasTheOrderOfKerasAndTheFactorsOfThePackage(String classes)
            throws IOException {
        JsonNode variables = golden().get("variables").get(classes);
        Block block = Suite.block("resnet20", CIFAR, Integer.parseInt(classes), 0);
        NetworkStructure network;
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(CIFAR));
            network = StructureInspector.inspect(block, StructureConvention.REFERENCE);
        }

        List<ParameterStructure> byDepth =
                network.parameters().stream()
                        .sorted(Comparator.comparingInt(ParameterStructure::depth))
                        .toList();
        assertThat(byDepth)
                .extracting(ParameterStructure::path)
                .containsExactlyElementsOf(texts(variables, "path"));
        assertThat(byDepth)
                .extracting(p -> Arrays.toString(p.shape().getShape()).replace(" ", ""))
                .containsExactlyElementsOf(texts(variables, "shape"));
        Map<String, ScalingStrategy> strategies =
                Map.of(
                        "additive", ScalingStrategy.additive(0.95),
                        "multiplicative", ScalingStrategy.multiplicative(5),
                        "depth", ScalingStrategy.depth(1));
        strategies.forEach(
                (name, strategy) -> {
                    for (int i = 0; i < byDepth.size(); i++) {
                        assertThat(strategy.factor(byDepth.get(i), network))
                                .as(name + " of " + byDepth.get(i).path())
                                .isCloseTo(variables.get(i).get(name).asDouble(), within(1e-8));
                    }
                });
    }

    private static List<String> texts(JsonNode array, String field) {
        return stream(array)
                .map(node -> node.get(field))
                .map(node -> node.isTextual() ? node.asText() : node.toString())
                .toList();
    }

    private static void assertClose(NDArray found, JsonNode expected) {
        float[] values = new float[expected.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) expected.get(i).asDouble();
        }
        assertThat(found.toFloatArray()).containsExactly(values, within((float) LOGIT_TOLERANCE));
    }

    /** Compares a tensor's norm and its product with the golden vector. */
    private static void assertSummary(
            NDArray found, JsonNode tensor, String result, double relative, double absolute) {
        double squares = 0;
        double product = 0;
        Generator vector = new Generator(VECTOR_SEED);
        for (float value : found.toFloatArray()) {
            squares += (double) value * value;
            product += (double) value * vector.next();
        }
        double norm = tensor.get(result).get(0).asDouble();
        double tolerance = relative * norm + absolute;
        assertThat(Math.sqrt(squares)).as(tensor.toString()).isCloseTo(norm, within(tolerance));
        assertThat(product)
                .as(tensor.toString())
                .isCloseTo(tensor.get(result).get(1).asDouble(), within(tolerance));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** The generator of the script: 24 bits of a linear congruential one, from −1 to 1. */
    private static final class Generator {

        private int state;

        Generator(int seed) {
            state = seed;
        }

        float next() {
            state = 1_664_525 * state + 1_013_904_223;
            return ((state >>> 8) - (1 << 23)) / (float) (1 << 23);
        }

        float[] next(int count, float offset, float scale) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = offset + scale * next();
            }
            return values;
        }
    }

    /** The network with the weights of a case, and its images. */
    private static final class Network implements AutoCloseable {

        private final Model model = Model.newInstance("resnet20", "PyTorch");
        private final Block block;
        private final Loss loss;
        private final CaAdam optimizer;
        private final Trainer trainer;
        private final NDArray images;
        private final NDArray labels;

        Network(JsonNode golden) {
            int size = golden.get("size").asInt();
            Shape image = new Shape(3, size, size);
            Shape batch = new Shape(golden.get("images").asInt()).addAll(image);
            block = Suite.block("resnet20", image, golden.get("classes").asInt(), 0);
            loss =
                    Suite.model("resnet20")
                            .factory(ModelFactory.class)
                            .loss(new SoftmaxCrossEntropyLoss(), block, Options.NONE);
            optimizer = CaAdam.builder().setBlock(block).setScaling(ScalingStrategy.none()).build();
            model.setBlock(block);
            trainer =
                    FusedTrainer.builder()
                            .setModel(model)
                            .setConfig(new DefaultTrainingConfig(loss).optOptimizer(optimizer))
                            .build();
            trainer.initialize(batch);
            Generator generator = new Generator(STREAM_SEED);
            for (JsonNode tensor : golden.get("tensors")) {
                NDArray array = array(tensor);
                array.set(
                        generator.next(
                                Math.toIntExact(array.size()),
                                (float) tensor.get("offset").asDouble(),
                                (float) tensor.get("scale").asDouble()));
            }
            NDManager manager = model.getNDManager();
            images = manager.create(generator.next(Math.toIntExact(batch.size()), 0, 1), batch);
            labels =
                    manager.create(
                            stream(golden.get("labels")).mapToInt(JsonNode::asInt).toArray());
        }

        NDArray array(JsonNode tensor) {
            return block.getParameters().get(tensor.get("path").asText()).getArray();
        }

        Stream<Parameter> trained() {
            return block.getParameters().values().stream().filter(Parameter::requiresGradient);
        }

        NDArray evaluate() {
            return block.forward(
                            new ParameterStore(model.getNDManager(), false),
                            new NDList(images),
                            false)
                    .singletonOrThrow();
        }

        NDArray lossOf(NDArray logits) {
            return loss.evaluate(new NDList(labels), new NDList(logits));
        }

        CompiledEpoch compile() throws NotAcceleratedException {
            return CompiledEpoch.compile(
                    block, loss, optimizer, Math.toIntExact(images.getShape().get(0)));
        }

        void assertRunningStatistics(JsonNode golden) {
            for (JsonNode tensor : golden.get("tensors")) {
                if (tensor.has("running")) {
                    assertSummary(array(tensor), tensor, "running", RUNNING_TOLERANCE, 0);
                }
            }
        }

        @Override
        public void close() {
            optimizer.close();
            trainer.close();
            model.close();
        }
    }
}
