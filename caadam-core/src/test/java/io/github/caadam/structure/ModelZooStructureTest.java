// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Named.named;

import ai.djl.basicmodelzoo.basic.Mlp;
import ai.djl.basicmodelzoo.cv.classification.AlexNet;
import ai.djl.basicmodelzoo.cv.classification.GoogLeNet;
import ai.djl.basicmodelzoo.cv.classification.LeNet;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV1;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.NiN;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.basicmodelzoo.cv.classification.SqueezeNet;
import ai.djl.basicmodelzoo.cv.classification.VGG;
import ai.djl.basicmodelzoo.cv.object_detection.ssd.SingleShotDetection;
import ai.djl.basicmodelzoo.cv.object_detection.yolo.YOLOV3;
import ai.djl.basicmodelzoo.nlp.SimpleTextDecoder;
import ai.djl.basicmodelzoo.nlp.SimpleTextEncoder;
import ai.djl.basicmodelzoo.tabular.TabNet;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableTextEmbedding;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.initializer.Initializer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The structure of every network of {@code ai.djl:model-zoo}. */
class ModelZooStructureTest {

    private NDManager manager;

    @BeforeEach
    void openManager() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void closeManager() {
        manager.close();
    }

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of(network("Mlp", new Mlp(784, 10, new int[] {128, 64})), shape(784)),
                Arguments.of(network("AlexNet", AlexNet.builder().build()), shape(3, 96, 96)),
                Arguments.of(network("GoogLeNet", GoogLeNet.builder().build()), shape(1, 64, 64)),
                Arguments.of(network("LeNet", LeNet.builder().build()), shape(1, 28, 28)),
                Arguments.of(
                        network("MobileNetV1", MobileNetV1.builder().build()), shape(3, 64, 64)),
                Arguments.of(
                        network("MobileNetV2", MobileNetV2.builder().build()), shape(3, 64, 64)),
                Arguments.of(network("NiN", NiN.builder().build()), shape(3, 96, 96)),
                Arguments.of(network("ResNetV1, 20 layers", resNet(20, 28)), shape(3, 28, 28)),
                Arguments.of(network("ResNetV1, 50 layers", resNet(50, 32)), shape(3, 32, 32)),
                Arguments.of(network("SqueezeNet", SqueezeNet.squeezenet(10)), shape(3, 64, 64)),
                Arguments.of(network("VGG", VGG.builder().build()), shape(3, 32, 32)),
                Arguments.of(network("SingleShotDetection", ssd()), shape(3, 64, 64)),
                Arguments.of(
                        network("YOLOV3", YOLOV3.builder().setNumClasses(3).build()),
                        shape(3, 64, 64)),
                Arguments.of(
                        network("SimpleTextEncoder", new SimpleTextEncoder(embedding(), lstm())),
                        shape(5)),
                Arguments.of(
                        network("SimpleTextDecoder", new SimpleTextDecoder(embedding(), lstm(), 3)),
                        shape(5)),
                Arguments.of(network("TabNet", TabNet.builder().build()), shape(128)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyTrainableParameterIsInTheStructureOnce(Block block, Shape input) {
        initialize(block, input);
        Map<String, Parameter> trainable = new LinkedHashMap<>();
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.requiresGradient()) {
                trainable.putIfAbsent(parameter.getId(), parameter);
            }
        }

        for (StructureConvention convention : StructureConvention.values()) {
            NetworkStructure network = StructureInspector.inspect(block, convention);

            assertThat(network.parameters())
                    .extracting(ParameterStructure::id)
                    .containsExactlyElementsOf(trainable.keySet());
            assertThat(network.size())
                    .isEqualTo(
                            trainable.values().stream().mapToLong(p -> p.getShape().size()).sum());
            assertThat(network.parameters())
                    .allSatisfy(p -> assertThat(p.depth()).isBetween(0, network.totalDepth() - 1))
                    .allSatisfy(p -> assertThat(p.fanIn()).isPositive());
            assertThat(network.minConnections()).isPositive();
            assertThat(network.medianConnections())
                    .isBetween(
                            (double) network.minConnections(), (double) network.maxConnections());
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyBlockWithAWeightIsALayerUnderThePaper(Block block, Shape input) {
        initialize(block, input);
        List<Long> counts = new ArrayList<>();
        countWeights(block, Collections.newSetFromMap(new IdentityHashMap<>()), counts);
        Collections.sort(counts);

        NetworkStructure network = StructureInspector.inspect(block, StructureConvention.PAPER);

        Map<String, Long> layers = new LinkedHashMap<>();
        for (ParameterStructure parameter : network.parameters()) {
            layers.put(parameter.layer(), parameter.connections());
        }
        assertThat(layers.values().stream().sorted()).containsExactlyElementsOf(counts);
        assertThat(network.minConnections()).isEqualTo(counts.get(0));
        assertThat(network.maxConnections()).isEqualTo(counts.get(counts.size() - 1));
    }

    @Test
    void resNetOfTwentyLayersHasShortcutsBesideItsUnits() {
        NetworkStructure network = inspect(resNet(20, 28), shape(3, 28, 28));

        // The stem, 9 units of 2, a shortcut where each stage starts, and the dense layer.
        assertThat(weights(network)).hasSize(1 + 18 + 3 + 1);
        assertThat(network.totalDepth()).isEqualTo(20);
        assertThat(weights(network).stream().limit(6))
                .extracting(
                        ParameterStructure::layer,
                        ParameterStructure::connections,
                        ParameterStructure::depth)
                .containsExactly(
                        tuple("01Conv2d", 432L, 0),
                        tuple("02ParallelBlock_01SequentialBlock_01Conv2d", 2304L, 1),
                        tuple("02ParallelBlock_01SequentialBlock_04Conv2d", 2304L, 2),
                        tuple("02ParallelBlock_02SequentialBlock_01Conv2d", 256L, 1),
                        tuple("03ParallelBlock_01SequentialBlock_01Conv2d", 2304L, 3),
                        tuple("03ParallelBlock_01SequentialBlock_04Conv2d", 2304L, 4));
        // Sorted: 256, 432, 512, 640, 2048, 6 × 2304, then the twelfth of 23.
        assertThat(network.minConnections()).isEqualTo(256);
        assertThat(network.medianConnections()).isEqualTo(4608);
        assertThat(network.maxConnections()).isEqualTo(36_864);
    }

    @Test
    void resNetOfFiftyLayersIsFiftyDeep() {
        NetworkStructure network = inspect(resNet(50, 32), shape(3, 32, 32));

        assertThat(weights(network)).hasSize(1 + 16 * 3 + 4 + 1);
        assertThat(network.totalDepth()).isEqualTo(50);
        // The 3×3 convolutions between the 512 inner channels of the last stage.
        assertThat(network.maxConnections()).isEqualTo(9L * 512 * 512);
    }

    @Test
    void googLeNetIsTwentyTwoDeepAndFourBranchesWide() {
        NetworkStructure network = inspect(GoogLeNet.builder().build(), shape(1, 64, 64));

        assertThat(weights(network)).hasSize(3 + 9 * 6 + 1);
        assertThat(network.totalDepth()).isEqualTo(22);
        assertThat(weights(network).subList(3, 9))
                .extracting(ParameterStructure::depth)
                .containsExactly(3, 3, 4, 3, 4, 3);
    }

    @Test
    void mobileNetV2CountsDepthwiseConvolutionsByGroup() {
        NetworkStructure network = inspect(MobileNetV2.builder().build(), shape(3, 64, 64));

        assertThat(weights(network)).hasSize(1 + 17 * 3 + 1 + 1);
        // The identity beside a bottleneck has no layer.
        assertThat(network.totalDepth()).isEqualTo(54);
        assertThat(weights(network).get(2))
                .satisfies(
                        p -> {
                            assertThat(p.shape()).isEqualTo(new Shape(32, 1, 3, 3));
                            assertThat(p.connections()).isEqualTo(288);
                            assertThat(p.fanIn()).isEqualTo(9);
                        });
    }

    @Test
    void vggIsAChain() {
        NetworkStructure network = inspect(VGG.builder().build(), shape(3, 32, 32));

        assertThat(weights(network))
                .extracting(ParameterStructure::connections)
                .containsExactly(
                        1_728L,
                        73_728L,
                        294_912L,
                        589_824L,
                        1_179_648L,
                        2_359_296L,
                        2_359_296L,
                        2_359_296L,
                        2_097_152L,
                        16_777_216L,
                        40_960L);
        assertThat(network.totalDepth()).isEqualTo(11);
        assertThat(network.medianConnections()).isEqualTo(1_179_648);
    }

    @Test
    void tabNetsSharedLayersCountOnce() {
        NetworkStructure network = inspect(TabNet.builder().build(), shape(128));

        assertThat(weights(network))
                .filteredOn(p -> p.path().contains("sharedfc"))
                .extracting(ParameterStructure::layer, ParameterStructure::depth)
                .containsExactly(tuple("02sharedfc0", 0), tuple("03sharedfc1", 1));
        // 2 shared, 2 in the first transformer, 4 steps of 2 + 1, and the output.
        assertThat(weights(network)).hasSize(2 + 2 + 4 * 3 + 1);
    }

    private static void countWeights(Block block, Set<Parameter> seen, List<Long> counts) {
        long count = 0;
        for (Parameter parameter : block.getDirectParameters().values()) {
            if (parameter.getType() == Parameter.Type.WEIGHT && seen.add(parameter)) {
                count += parameter.getShape().size();
            }
        }
        if (count > 0) {
            counts.add(count);
        }
        for (Block child : block.getChildren().values()) {
            countWeights(child, seen, counts);
        }
    }

    private static List<ParameterStructure> weights(NetworkStructure network) {
        return network.parameters().stream().filter(p -> p.shape().dimension() > 1).toList();
    }

    private NetworkStructure inspect(Block block, Shape input) {
        initialize(block, input);
        return StructureInspector.inspect(block, StructureConvention.PAPER);
    }

    /** Zeros, as the values do not matter and random ones take their time. */
    private void initialize(Block block, Shape input) {
        block.setInitializer(Initializer.ZEROS, parameter -> true);
        block.initialize(manager, DataType.FLOAT32, input);
    }

    private static Named<Block> network(String name, Block block) {
        return named(name, block);
    }

    private static Shape shape(long... sample) {
        return new Shape(1).addAll(new Shape(sample));
    }

    private static Block resNet(int layers, int height) {
        return ResNetV1.builder()
                .setNumLayers(layers)
                .setImageShape(new Shape(3, height, height))
                .setOutSize(10)
                .build();
    }

    private static Block ssd() {
        List<List<Float>> sizes = Collections.nCopies(4, List.of(0.2f, 0.3f));
        List<List<Float>> ratios = Collections.nCopies(4, List.of(1f, 2f, 0.5f));
        return SingleShotDetection.builder()
                .setNumClasses(1)
                .setNumFeatures(2)
                .optGlobalPool(true)
                .setSizes(sizes)
                .setRatios(ratios)
                .setBaseNetwork(SingleShotDetection.getDownSamplingBlock(16))
                .build();
    }

    private static TrainableTextEmbedding embedding() {
        return new TrainableTextEmbedding(
                TrainableWordEmbedding.builder()
                        .setEmbeddingSize(8)
                        .setVocabulary(new DefaultVocabulary(List.of("to", "be", "or")))
                        .build());
    }

    private static LSTM lstm() {
        return LSTM.builder().setStateSize(4).setNumLayers(2).optBatchFirst(true).build();
    }
}
