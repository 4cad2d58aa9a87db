// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.github.caadam.HeldParameters;
import io.github.caadam.Networks;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StructureInspectorTest {

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
    void readsLayersInForwardOrder() {
        NetworkStructure network = inspect(Networks.mlp(64, 32, 1), new Shape(1, 8));

        assertThat(network.parameters())
                .extracting(
                        ParameterStructure::path,
                        ParameterStructure::layer,
                        ParameterStructure::connections,
                        ParameterStructure::depth)
                .containsExactly(
                        tuple("01Linear_weight", "01Linear", 512L, 0),
                        tuple("01Linear_bias", "01Linear", 512L, 0),
                        tuple("03Linear_weight", "03Linear", 2048L, 1),
                        tuple("03Linear_bias", "03Linear", 2048L, 1),
                        tuple("05Linear_weight", "05Linear", 32L, 2),
                        tuple("05Linear_bias", "05Linear", 32L, 2));
        assertThat(network.minConnections()).isEqualTo(32);
        assertThat(network.medianConnections()).isEqualTo(512);
        assertThat(network.maxConnections()).isEqualTo(2048);
        assertThat(network.totalDepth()).isEqualTo(3);
        assertThat(network.size()).isEqualTo(2689);
    }

    @Test
    void medianOfAnEvenNumberOfLayersIsTheMeanOfTheMiddleTwo() {
        NetworkStructure network = inspect(Networks.mlp(128, 64, 32, 1), new Shape(1, 8));

        assertThat(network.medianConnections()).isEqualTo((1024 + 2048) / 2.0);
    }

    @Test
    void normalisationTakesThePlaceOfTheLayerItFollows() {
        SequentialBlock block =
                new SequentialBlock()
                        .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
                        .add(BatchNorm.builder().build())
                        .add(Activation.reluBlock())
                        .add(
                                Conv2d.builder()
                                        .setKernelShape(new Shape(3, 3))
                                        .setFilters(8)
                                        .build());

        NetworkStructure network = inspect(block, new Shape(1, 3, 8, 8));

        assertThat(network.parameters())
                .filteredOn(p -> p.path().startsWith("02BatchNorm"))
                .hasSize(2)
                .allSatisfy(
                        p -> {
                            assertThat(p.layer()).isEqualTo("01Conv2d");
                            assertThat(p.connections()).isEqualTo(108);
                            assertThat(p.depth()).isEqualTo(0);
                        });
    }

    @Test
    void branchesStartAtOneDepthAndTheLongestDecidesWhereTheNextLayerStands() {
        Block branches =
                new ParallelBlock(
                                outputs ->
                                        new NDList(
                                                outputs.get(0).head().add(outputs.get(1).head())))
                        .add(linear(8))
                        .add(new SequentialBlock().add(linear(8)).add(linear(8)));
        SequentialBlock block = new SequentialBlock().add(linear(8)).add(branches).add(linear(1));

        NetworkStructure network = inspect(block, new Shape(1, 8));

        assertThat(network.parameters())
                .filteredOn(p -> p.path().endsWith("weight"))
                .extracting(ParameterStructure::depth)
                .containsExactly(0, 1, 1, 2, 3);
        assertThat(network.totalDepth()).isEqualTo(4);
    }

    @Test
    void referenceDepthOfBranchesFollowsKerasByDistanceFromWhereTheyMeet() {
        // Two layers on one side, an activation between them; one on the other.
        Block longAndShort =
                joined(
                        new SequentialBlock()
                                .add(linear(8))
                                .add(Activation.reluBlock())
                                .add(linear(8)),
                        new SequentialBlock().add(linear(8)));

        assertThat(referenceDepths(longAndShort)).containsExactly(0, 1, 4, 5, 2, 3);
    }

    @Test
    void referenceDepthOfBranchesOfEqualLengthFollowsTheirDeclaration() {
        SequentialBlock first = new SequentialBlock().add(linear(8)).add(linear(8));
        SequentialBlock second = new SequentialBlock().add(linear(8)).add(linear(8));

        assertThat(referenceDepths(joined(first, second))).containsExactly(0, 1, 4, 5, 2, 3, 6, 7);
    }

    @Test
    void referenceDepthOfThreeBranchesFollowsTheirDeclarationAtEqualDistance() {
        SequentialBlock first = new SequentialBlock().add(linear(8)).add(linear(8));

        assertThat(referenceDepths(joined(first, linear(8), linear(8))))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    /** The depths of the parameters in forward order. */
    private List<Integer> referenceDepths(Block block) {
        Networks.initialized(manager, block, new Shape(1, 8));
        return StructureInspector.inspect(block, StructureConvention.REFERENCE)
                .parameters()
                .stream()
                .map(ParameterStructure::depth)
                .toList();
    }

    private static Block joined(Block... branches) {
        return new ParallelBlock(outputs -> outputs.get(0), List.of(branches));
    }

    @Test
    void frozenAndRepeatedParametersDoNotCountTwice() {
        Block shared = linear(8);
        Block frozen = linear(8);
        SequentialBlock block =
                new SequentialBlock().add(shared).add(shared).add(frozen).add(linear(1));
        Networks.initialized(manager, block, new Shape(1, 8));
        frozen.freezeParameters(true);

        NetworkStructure network = StructureInspector.inspect(block, StructureConvention.PAPER);

        assertThat(network.parameters())
                .extracting(ParameterStructure::layer)
                .containsExactly("01Linear", "01Linear", "04Linear", "04Linear");
        assertThat(network.totalDepth()).isEqualTo(2);
    }

    @Test
    void layersOfTheSameNameAreTwoLayersUnderThePaperAndOneEntryInTheReference() {
        Block block = new SameNames();
        Networks.initialized(manager, block, new Shape(1, 4));
        assertThat(block.getParameters().keys())
                .containsExactly("dense_weight", "dense_bias", "dense_weight", "dense_bias");

        assertThat(connectionsAndFactors(block, StructureConvention.PAPER))
                .containsExactly(
                        tuple(48L, 0.05f), tuple(48L, 0.05f), tuple(24L, 1.95f), tuple(24L, 1.95f));
        // One-dimensional parameters count 0: (36−0)/(36−24) = 3 times as far from the median.
        assertThat(connectionsAndFactors(block, StructureConvention.REFERENCE))
                .containsExactly(
                        tuple(24L, 1.95f), tuple(0L, 3.85f), tuple(24L, 1.95f), tuple(0L, 3.85f));
    }

    @Test
    void layersOfTheSameNameInNestedBlocksAreToldApartByTheirPaths() {
        SequentialBlock block =
                new SequentialBlock()
                        .add(new SequentialBlock().add(linear(12)))
                        .add(new SequentialBlock().add(linear(2)));
        Networks.initialized(manager, block, new Shape(1, 4));

        assertThat(StructureInspector.inspect(block, StructureConvention.PAPER).parameters())
                .extracting(ParameterStructure::layer, ParameterStructure::connections)
                .containsExactly(
                        tuple("01SequentialBlock_01Linear", 48L),
                        tuple("01SequentialBlock_01Linear", 48L),
                        tuple("02SequentialBlock_01Linear", 24L),
                        tuple("02SequentialBlock_01Linear", 24L));
        assertThat(StructureInspector.inspect(block, StructureConvention.REFERENCE).parameters())
                .extracting(ParameterStructure::connections)
                .containsExactly(24L, 0L, 24L, 0L);
    }

    @Test
    void blockWithoutTrainableParametersIsRefused() {
        Block block = Networks.initialized(manager, Networks.mlp(4), new Shape(1, 2));
        block.freezeParameters(true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StructureInspector.inspect(block, StructureConvention.PAPER))
                .withMessageContaining("no trainable parameter");
    }

    @Test
    void blockThatWasNotInitializedIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                StructureInspector.inspect(
                                        Networks.mlp(4), StructureConvention.PAPER))
                .withMessage(
                        "The parameter \"01Linear_weight\" has no shape yet: initialize the block"
                                + " before its structure is read.");
    }

    @Test
    void blockThatIsInitializedInPartIsRefused() {
        SequentialBlock block = Networks.mlp(4, 1);
        Networks.initialized(manager, block.getChildren().values().get(0), new Shape(1, 2));

        assertThatIllegalStateException()
                .isThrownBy(() -> StructureInspector.inspect(block, StructureConvention.PAPER))
                .withMessageContaining("\"03Linear_weight\" has no shape yet");
    }

    @Test
    void sharedEmbeddingCountsOnceWhereItStandsFirst() {
        Block block = Networks.initialized(manager, HeldParameters.tiedEmbedding(), new Shape(1));

        for (StructureConvention convention : StructureConvention.values()) {
            NetworkStructure network = StructureInspector.inspect(block, convention);

            assertThat(network.parameters())
                    .extracting(
                            ParameterStructure::path,
                            ParameterStructure::connections,
                            ParameterStructure::depth)
                    .containsExactly(
                            tuple("01HeldParameters_embedding", 15L, 0),
                            tuple("02HeldParameters_weight", 9L, 1));
            assertThat(network.totalDepth()).isEqualTo(2);
            assertThat(network.size()).isEqualTo(24);
            assertThat(network.minConnections()).isEqualTo(9);
            assertThat(network.maxConnections()).isEqualTo(15);
        }
    }

    @Test
    void blockThatSharesItsWeightButHasABiasOfItsOwnBelongsToTheLayerBefore() {
        Parameter tied = HeldParameters.weight("tied", new Shape(5, 3));
        SequentialBlock block =
                new SequentialBlock()
                        .add(new HeldParameters(tied))
                        .add(new HeldParameters(HeldParameters.weight("w", new Shape(3, 3))))
                        .add(new HeldParameters(tied, HeldParameters.weight("bias", new Shape(5))));

        assertThat(inspect(block, new Shape(1)).parameters())
                .extracting(
                        ParameterStructure::path,
                        ParameterStructure::layer,
                        ParameterStructure::connections)
                .containsExactly(
                        tuple("01HeldParameters_tied", "01HeldParameters", 15L),
                        tuple("02HeldParameters_w", "02HeldParameters", 9L),
                        tuple("03HeldParameters_bias", "02HeldParameters", 9L));
    }

    /** Otherwise one such weight would be every network's smallest layer, or its only entry. */
    @Test
    void weightsWithoutElementsMakeNoLayerUnderEitherConvention() {
        SequentialBlock block =
                new SequentialBlock()
                        .add(new HeldParameters(HeldParameters.weight("weight", new Shape(4, 3))))
                        .add(new HeldParameters(HeldParameters.weight("weight", new Shape(2, 4))))
                        .add(new HeldParameters(HeldParameters.weight("weight", new Shape(0, 2))));
        Networks.initialized(manager, block, new Shape(1));

        NetworkStructure paper = StructureInspector.inspect(block, StructureConvention.PAPER);
        assertThat(paper.parameters())
                .extracting(ParameterStructure::connections, ParameterStructure::fanIn)
                .containsExactly(tuple(12L, 3L), tuple(8L, 4L), tuple(8L, 4L));
        assertThat(paper.minConnections()).isEqualTo(8);
        assertThat(paper.totalDepth()).isEqualTo(2);

        NetworkStructure reference =
                StructureInspector.inspect(block, StructureConvention.REFERENCE);
        assertThat(reference.parameters())
                .extracting(ParameterStructure::connections)
                .containsExactly(8L, 8L, 0L);
        assertThat(reference.minConnections()).isEqualTo(8);
    }

    @Test
    void linearCollectionWithoutInputsIsRead() {
        SequentialBlock block =
                new SequentialBlock()
                        .add(LinearCollection.builder().setUnits(4).build())
                        .add(new HeldParameters(HeldParameters.weight("weight", new Shape(2, 4))));
        block.getChildren().valueAt(0).getParameters().get("weight").setShape(new Shape(3, 0, 4));
        block.getChildren().valueAt(0).getParameters().get("bias").setShape(new Shape(3, 4));
        block.setInitializer(Initializer.ZEROS, parameter -> true);
        block.getParameters().values().forEach(p -> p.initialize(manager, DataType.FLOAT32));

        assertThat(StructureInspector.inspect(block, StructureConvention.PAPER).parameters())
                .extracting(ParameterStructure::layer, ParameterStructure::fanIn)
                .containsOnly(tuple("02HeldParameters", 4L));
    }

    @Test
    void networkOfNothingButWeightsWithoutElementsHasOneLayerAndFiniteFactors() {
        Block block = new HeldParameters(HeldParameters.weight("weight", new Shape(0, 3)));
        Networks.initialized(manager, block, new Shape(1));

        for (StructureConvention convention : StructureConvention.values()) {
            NetworkStructure network = StructureInspector.inspect(block, convention);
            ParameterStructure parameter = network.parameters().get(0);

            assertThat(network.size()).isZero();
            assertThat(network.totalDepth()).isEqualTo(1);
            assertThat(parameter.connections()).isZero();
            assertThat(parameter.fanIn()).isEqualTo(1);
            for (ScalingStrategy scaling :
                    List.of(
                            ScalingStrategy.multiplicative(),
                            ScalingStrategy.additive(),
                            ScalingStrategy.depth())) {
                assertThat(scaling.factor(parameter, network)).isEqualTo(1);
            }
        }
    }

    @Test
    void nothingMayBeNull() {
        Block block = Networks.mlp(1);
        assertThatNullPointerException()
                .isThrownBy(() -> StructureInspector.inspect(null, StructureConvention.PAPER))
                .withMessage("block");
        assertThatNullPointerException()
                .isThrownBy(() -> StructureInspector.inspect(block, null))
                .withMessage("convention");
        NetworkStructure network = inspect(block, new Shape(1, 2));
        assertThatNullPointerException()
                .isThrownBy(() -> network.parameter(null))
                .withMessage("parameterId");
        assertThatNullPointerException()
                .isThrownBy(() -> network.toTable("S", null))
                .withMessage("value");
    }

    @Test
    void printsATableWithTheTotals() {
        NetworkStructure network = inspect(Networks.mlp(64, 32, 1), new Shape(1, 8));

        assertThat(network.toTable("S", p -> 1.5))
                .contains("01Linear_weight  (64, 8)   01Linear")
                .contains("1.5000")
                .contains("6 trainable tensors, 2689 values; convention PAPER: c_min 32,");
    }

    private static List<Tuple> connectionsAndFactors(Block block, StructureConvention convention) {
        NetworkStructure network = StructureInspector.inspect(block, convention);
        ScalingStrategy additive = ScalingStrategy.additive(0.95);
        return network.parameters().stream()
                .map(p -> tuple(p.connections(), (float) additive.factor(p, network)))
                .toList();
    }

    private NetworkStructure inspect(Block block, Shape input) {
        return StructureInspector.inspect(
                Networks.initialized(manager, block, input), StructureConvention.PAPER);
    }

    private static Linear linear(int units) {
        return Linear.builder().setUnits(units).build();
    }

    /** Two dense layers that are both named {@code dense}. */
    private static final class SameNames extends AbstractBlock {

        private SameNames() {
            children.add("dense", linear(12));
            children.add("dense", linear(2));
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> parameters) {
            NDList hidden = children.valueAt(0).forward(store, inputs, training);
            return children.valueAt(1).forward(store, hidden, training);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return children.valueAt(1)
                    .getOutputShapes(children.valueAt(0).getOutputShapes(inputShapes));
        }

        @Override
        protected void initializeChildBlocks(
                NDManager initializing, DataType dataType, Shape... inputShapes) {
            children.valueAt(0).initialize(initializing, dataType, inputShapes);
            children.valueAt(1)
                    .initialize(
                            initializing,
                            dataType,
                            children.valueAt(0).getOutputShapes(inputShapes));
        }
    }
}
