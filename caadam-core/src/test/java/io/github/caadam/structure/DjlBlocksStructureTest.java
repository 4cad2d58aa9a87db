// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1dTranspose;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv2dTranspose;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertPretrainingBlock;
import ai.djl.nn.transformer.IdEmbedding;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The structure of every kind of block that DJL's api has, against counts by hand. */
class DjlBlocksStructureTest {

    private NDManager manager;

    @BeforeEach
    void openManager() {
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void closeManager() {
        manager.close();
    }

    static Stream<Arguments> singleLayers() {
        return Stream.of(
                // (units, inputs)
                Arguments.of(linear(5), new Shape(2, 7), 35L, 7L),
                // (filters, channels, kernel, kernel)
                Arguments.of(conv(4, 3, 1), new Shape(1, 6, 8, 8), 216L, 54L),
                // Three groups: (filters, channels per group, kernel, kernel)
                Arguments.of(conv(6, 3, 3), new Shape(1, 6, 8, 8), 108L, 18L),
                // DJL lays transposed convolutions out like convolutions.
                Arguments.of(
                        Conv2dTranspose.builder()
                                .setKernelShape(new Shape(3, 3))
                                .setFilters(2)
                                .build(),
                        new Shape(1, 5, 4, 4),
                        90L,
                        45L),
                Arguments.of(
                        Conv1dTranspose.builder()
                                .setKernelShape(new Shape(4))
                                .setFilters(2)
                                .build(),
                        new Shape(1, 3, 9),
                        24L,
                        12L),
                // Six collections of (inputs, units) = (7, 5)
                Arguments.of(
                        LinearCollection.builder().setUnits(5).build(),
                        new Shape(2, 6, 7),
                        210L,
                        7L),
                // A look-up: each output value is one entry of the table.
                Arguments.of(
                        new IdEmbedding.Builder().setDictionarySize(50).setEmbeddingSize(8).build(),
                        new Shape(1, 3),
                        400L,
                        1L),
                // DJL sizes the table by the vocabulary alone: three words.
                Arguments.of(
                        TrainableWordEmbedding.builder()
                                .setEmbeddingSize(8)
                                .setVocabulary(new DefaultVocabulary(List.of("to", "be", "or")))
                                .optUnknownToken("?")
                                .build(),
                        new Shape(1, 3),
                        24L,
                        1L),
                // 4 gates × 16 units × (8 inputs + 16 states)
                Arguments.of(
                        LSTM.builder().setStateSize(16).setNumLayers(1).build(),
                        new Shape(1, 5, 8),
                        1536L,
                        24L),
                // 3 gates × 16 units, both directions
                Arguments.of(
                        GRU.builder()
                                .setStateSize(16)
                                .setNumLayers(1)
                                .optBidirectional(true)
                                .build(),
                        new Shape(1, 5, 8),
                        2304L,
                        24L),
                // Two stacked cells, of 8 + 16 and of 16 + 16 inputs a unit
                Arguments.of(
                        RNN.builder().setStateSize(16).setNumLayers(2).build(),
                        new Shape(1, 5, 8),
                        896L,
                        28L));
    }

    @ParameterizedTest
    @MethodSource("singleLayers")
    void blockWithWeightsOfItsOwnIsOneLayer(
            Block block, Shape input, long connections, long fanIn) {
        for (StructureConvention convention : StructureConvention.values()) {
            NetworkStructure network =
                    StructureInspector.inspect(initialized(block, input), convention);

            assertThat(network.parameters())
                    .hasSameSizeAs(block.getParameters().keys())
                    .allSatisfy(p -> assertThat(p.layer()).isEqualTo(name(block)))
                    .allSatisfy(p -> assertThat(p.fanIn()).isEqualTo(fanIn));
            if (convention == StructureConvention.PAPER) {
                assertThat(network.parameters())
                        .allSatisfy(p -> assertThat(p.connections()).isEqualTo(connections));
                assertThat(network.totalDepth()).isEqualTo(1);
            }
        }
    }

    static Stream<Block> blocksWithoutWeights() {
        return Stream.of(
                prelu(),
                BatchNorm.builder().build(),
                GhostBatchNorm.builder().build(),
                LayerNorm.builder().build());
    }

    @ParameterizedTest
    @MethodSource("blocksWithoutWeights")
    void blockWithoutWeightsBelongsToTheLayerBefore(Block block) {
        SequentialBlock sequence =
                new SequentialBlock().add(linear(6)).add(block).add(linear(3)).add(linear(1));

        NetworkStructure network = inspect(sequence, new Shape(2, 4));

        assertThat(network.parameters())
                .filteredOn(p -> p.path().startsWith("02"))
                .isNotEmpty()
                .allSatisfy(
                        p -> {
                            assertThat(p.layer()).isEqualTo("01Linear");
                            assertThat(p.connections()).isEqualTo(24);
                            assertThat(p.depth()).isZero();
                            assertThat(p.fanIn()).isEqualTo(4);
                        });
        assertThat(network.totalDepth()).isEqualTo(3);
        assertThat(network.medianConnections()).isEqualTo(18);
    }

    @Test
    void blockWithoutWeightsAtTheInputBelongsToTheFirstLayer() {
        SequentialBlock sequence =
                new SequentialBlock().add(BatchNorm.builder().build()).add(linear(6));

        assertThat(inspect(sequence, new Shape(2, 4)).parameters())
                .extracting(ParameterStructure::layer)
                .containsOnly("02Linear");
    }

    @Test
    void networkWithoutWeightsCountsAsOneLayer() {
        NetworkStructure network = inspect(BatchNorm.builder().build(), new Shape(2, 4));

        assertThat(network.parameters())
                .extracting(
                        ParameterStructure::layer,
                        ParameterStructure::connections,
                        ParameterStructure::depth,
                        ParameterStructure::fanIn)
                .containsOnly(tuple("network", 8L, 0, 1L));
        assertThat(network.totalDepth()).isEqualTo(1);
    }

    @Test
    void normalisationOfARankTwoShapeIsNoLayer() {
        SequentialBlock sequence =
                new SequentialBlock().add(linear(6)).add(LayerNorm.builder().build());

        NetworkStructure network = inspect(sequence, new Shape(2, 3, 4));

        assertThat(network.parameters())
                .filteredOn(p -> p.path().equals("02LayerNorm_gamma"))
                .singleElement()
                .satisfies(
                        p -> {
                            assertThat(p.shape()).isEqualTo(new Shape(3, 6));
                            assertThat(p.layer()).isEqualTo("01Linear");
                        });
        assertThat(network.totalDepth()).isEqualTo(1);
    }

    @Test
    void normalisationAfterBranchesBelongsToTheEndOfTheLongest() {
        Block longer = new SequentialBlock().add(linear(8)).add(linear(8));
        Block branches = sum(longer, linear(8), Blocks.identityBlock());
        SequentialBlock sequence =
                new SequentialBlock()
                        .add(linear(8))
                        .add(branches)
                        .add(BatchNorm.builder().build())
                        .add(linear(1));

        assertThat(inspect(sequence, new Shape(2, 8)).parameters())
                .filteredOn(p -> p.path().startsWith("03BatchNorm"))
                .hasSize(2)
                .allSatisfy(
                        p -> {
                            assertThat(p.layer())
                                    .isEqualTo("02ParallelBlock_01SequentialBlock_02Linear");
                            assertThat(p.depth()).isEqualTo(2);
                        });
    }

    @Test
    void normalisationAtTheStartOfABranchBelongsToTheLayerBeforeTheBranches() {
        Block normalized = new SequentialBlock().add(BatchNorm.builder().build()).add(linear(8));
        SequentialBlock sequence =
                new SequentialBlock().add(linear(8)).add(sum(linear(8), normalized));

        assertThat(inspect(sequence, new Shape(2, 8)).parameters())
                .filteredOn(p -> p.path().contains("BatchNorm"))
                .extracting(ParameterStructure::layer, ParameterStructure::depth)
                .containsOnly(tuple("01Linear", 0));
    }

    @Test
    void branchesWithinBranchesStartTogether() {
        Block inner = sum(linear(8), new SequentialBlock().add(linear(8)).add(linear(8)));
        Block outer = sum(new SequentialBlock().add(linear(8)).add(inner), linear(8));
        SequentialBlock sequence = new SequentialBlock().add(outer).add(linear(1));

        NetworkStructure network = inspect(sequence, new Shape(2, 8));

        assertThat(network.parameters())
                .filteredOn(p -> p.path().endsWith("weight"))
                .extracting(ParameterStructure::depth)
                .containsExactly(0, 1, 1, 2, 0, 3);
        assertThat(network.totalDepth()).isEqualTo(4);
    }

    @Test
    void subclassOfParallelBlockIsParallelToo() {
        ParallelBlock branches =
                new ParallelBlock(outputs -> outputs.get(0), List.of(linear(8), linear(4))) {};

        assertThat(inspect(branches, new Shape(2, 8)).parameters())
                .extracting(ParameterStructure::depth)
                .containsOnly(0);
    }

    @Test
    void customBlocksAreReadInOrderOfDeclaration() {
        NetworkStructure network = inspect(new Scaled(), new Shape(2, 4));

        // Own parameters without weights belong to the first layer inside.
        assertThat(network.parameters())
                .extracting(
                        ParameterStructure::path,
                        ParameterStructure::layer,
                        ParameterStructure::depth)
                .containsExactly(
                        tuple("scale", "01hidden", 0),
                        tuple("01hidden_weight", "01hidden", 0),
                        tuple("01hidden_bias", "01hidden", 0),
                        tuple("02output_weight", "02output", 1),
                        tuple("02output_bias", "02output", 1));
    }

    @Test
    void severalWeightsOfOneBlockMakeOneLayer() {
        NetworkStructure network = inspect(new TwoWeights(), new Shape(2, 4));

        // 6 units of 4 inputs, then 2 of 6: (24 + 12) connections over 8 units, 4.5 each.
        assertThat(network.parameters())
                .extracting(
                        ParameterStructure::path,
                        ParameterStructure::connections,
                        ParameterStructure::fanIn)
                .containsExactly(tuple("first", 36L, 5L), tuple("second", 36L, 5L));
    }

    @Test
    void attentionProjectsKeyQueryAndValueSideBySide() {
        ScaledDotProductAttentionBlock attention =
                ScaledDotProductAttentionBlock.builder()
                        .setEmbeddingSize(8)
                        .setHeadCount(2)
                        .build();

        NetworkStructure network = inspect(attention, new Shape(2, 3, 8));

        assertThat(network.parameters())
                .filteredOn(p -> p.path().endsWith("weight"))
                .extracting(ParameterStructure::depth)
                .containsExactly(0, 0, 0, 1);
        assertThat(network.totalDepth()).isEqualTo(2);
    }

    @Test
    void transformerEncoderIsAttentionThenTwoLayers() {
        TransformerEncoderBlock encoder =
                new TransformerEncoderBlock(8, 2, 32, 0.1f, Activation::gelu);

        NetworkStructure network = inspect(encoder, new Shape(2, 3, 8));

        assertThat(network.parameters())
                .filteredOn(p -> p.path().endsWith("weight"))
                .extracting(ParameterStructure::depth, ParameterStructure::connections)
                .containsExactly(
                        tuple(0, 64L),
                        tuple(0, 64L),
                        tuple(0, 64L),
                        tuple(1, 64L),
                        tuple(2, 256L),
                        tuple(3, 256L));
        assertThat(network.parameters())
                .filteredOn(p -> p.path().startsWith("02attentionNorm"))
                .extracting(ParameterStructure::layer)
                .containsOnly("01selfAttention_04resultProjection");
    }

    @Test
    void bertAddsThreeEmbeddingsAndPoolsAtTheEnd() {
        NetworkStructure network =
                inspect(bert().build(), new Shape(2, 6), new Shape(2, 6), new Shape(2, 6));

        // 3 embeddings at depth 0; 2 encoders of 4 layers on the longest path; the pooling.
        assertThat(network.parameters())
                .filteredOn(p -> p.path().endsWith("mbedding") || p.path().contains("pooling"))
                .extracting(
                        ParameterStructure::path,
                        ParameterStructure::connections,
                        ParameterStructure::depth,
                        ParameterStructure::fanIn)
                .containsExactly(
                        tuple("positionEmbedding", 48L, 0, 1L),
                        tuple("01tokenEmbedding_embedding", 160L, 0, 1L),
                        tuple("02typeEmbedding_embedding", 16L, 0, 1L),
                        tuple("07poolingProjection_weight", 64L, 9, 8L),
                        tuple("07poolingProjection_bias", 64L, 9, 8L));
        assertThat(network.totalDepth()).isEqualTo(10);
    }

    @Test
    void headsOfBertPretrainingStandSideBySide() {
        Shape shape = new Shape(2, 6);
        NetworkStructure network =
                inspect(new BertPretrainingBlock(bert()), shape, shape, shape, shape);

        assertThat(network.parameters())
                .filteredOn(p -> p.path().startsWith("02") || p.path().startsWith("03"))
                .extracting(ParameterStructure::path, ParameterStructure::depth)
                .containsExactly(
                        tuple("02BertMaskedLanguageModelBlock_dictionaryBias", 10),
                        tuple("02BertMaskedLanguageModelBlock_01sequenceProjection_weight", 10),
                        tuple("02BertMaskedLanguageModelBlock_01sequenceProjection_bias", 10),
                        tuple("02BertMaskedLanguageModelBlock_02sequenceNorm_gamma", 10),
                        tuple("02BertMaskedLanguageModelBlock_02sequenceNorm_beta", 10),
                        tuple("03BertNextSentenceBlock_01binaryClassifier_weight", 10),
                        tuple("03BertNextSentenceBlock_01binaryClassifier_bias", 10));
        assertThat(network.totalDepth()).isEqualTo(11);
    }

    @Test
    void referenceConventionKeepsAnEntryForEachNameOfAVariable() {
        SequentialBlock sequence =
                new SequentialBlock()
                        .add(
                                new IdEmbedding.Builder()
                                        .setDictionarySize(50)
                                        .setEmbeddingSize(8)
                                        .build())
                        .add(LSTM.builder().setStateSize(4).setNumLayers(1).build())
                        .add(linear(3));
        initialized(sequence, new Shape(2, 5));

        NetworkStructure network =
                StructureInspector.inspect(sequence, StructureConvention.REFERENCE);

        // As in Keras, where the LSTM's first weight and the dense one's are both named "kernel".
        assertThat(network.parameters())
                .filteredOn(p -> p.shape().dimension() > 1)
                .extracting(ParameterStructure::path, ParameterStructure::connections)
                .containsExactly(
                        tuple("01IdEmbedding_embedding", 400L),
                        tuple("02LSTM_l_0_i2h_WEIGHT", 12L),
                        tuple("02LSTM_l_0_h2h_WEIGHT", 64L),
                        tuple("03Linear_weight", 12L));
        assertThat(network.medianConnections()).isEqualTo((64 + 128) / 2.0);
    }

    private static BertBlock.Builder bert() {
        return BertBlock.builder()
                .setTokenDictionarySize(20)
                .optTypeDictionarySize(2)
                .optEmbeddingSize(8)
                .optAttentionHeadCount(2)
                .optHiddenSize(32)
                .optTransformerBlockCount(2)
                .optMaxSequenceLength(6);
    }

    private NetworkStructure inspect(Block block, Shape... inputs) {
        return StructureInspector.inspect(initialized(block, inputs), StructureConvention.PAPER);
    }

    private Block initialized(Block block, Shape... inputs) {
        block.initialize(manager, DataType.FLOAT32, inputs);
        return block;
    }

    private static String name(Block block) {
        return block.getClass().getSimpleName();
    }

    private static Block sum(Block... branches) {
        return new ParallelBlock(
                outputs ->
                        new NDList(
                                outputs.stream()
                                        .map(NDList::head)
                                        .reduce((first, second) -> first.add(second))
                                        .orElseThrow()),
                List.of(branches));
    }

    private static Linear linear(int units) {
        return Linear.builder().setUnits(units).build();
    }

    /** DJL's initial value of a Prelu is Xavier's, which refuses its scalar. */
    private static Block prelu() {
        Block prelu = new Prelu();
        prelu.setInitializer(Initializer.ZEROS, Parameter.Type.WEIGHT);
        return prelu;
    }

    private static Conv2d conv(int filters, int kernel, int groups) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .optGroups(groups)
                .build();
    }

    /** A block with a scalar of its own and two layers inside. */
    private static final class Scaled extends AbstractBlock {

        private final Parameter scale =
                addParameter(
                        Parameter.builder()
                                .setName("scale")
                                .setType(Parameter.Type.GAMMA)
                                .optShape(new Shape(1))
                                .build());
        private final Block layers;

        private Scaled() {
            layers =
                    new SequentialBlock()
                            .add(addChildBlock("hidden", linear(6)))
                            .add(addChildBlock("output", linear(3)));
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> parameters) {
            NDList outputs = layers.forward(store, inputs, training);
            return new NDList(
                    outputs.head()
                            .mul(store.getValue(scale, outputs.head().getDevice(), training)));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return layers.getOutputShapes(inputShapes);
        }

        @Override
        protected void initializeChildBlocks(
                NDManager initializing, DataType dataType, Shape... inputShapes) {
            layers.initialize(initializing, dataType, inputShapes);
        }
    }

    /** A block that multiplies by two weights of its own, one after the other. */
    private static final class TwoWeights extends AbstractBlock {

        private final Parameter first = weight("first", 6, 4);
        private final Parameter second = weight("second", 2, 6);

        private Parameter weight(String name, long units, long inputs) {
            return addParameter(
                    Parameter.builder()
                            .setName(name)
                            .setType(Parameter.Type.WEIGHT)
                            .optShape(new Shape(units, inputs))
                            .build());
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> parameters) {
            NDList hidden =
                    Linear.linear(
                            inputs.head(),
                            store.getValue(first, inputs.head().getDevice(), training));
            return Linear.linear(
                    hidden.head(), store.getValue(second, inputs.head().getDevice(), training));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return new Shape[] {new Shape(inputShapes[0].get(0), 2)};
        }
    }
}
