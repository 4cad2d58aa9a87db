// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.SymbolBlock;
import ai.djl.nn.core.Linear;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A TorchScript file, made by scripts/golden/torchscript_blocks.py, loaded to be fine-tuned. */
class TorchScriptStructureTest {

    private static final Path FILE = Path.of("src/test/resources/torchscript/residual.pt");

    @Test
    void namesOfModulesMakeTheLayers() throws Exception {
        try (ZooModel<NDList, NDList> model = load("true")) {
            assertThat(model.getBlock()).isInstanceOf(SymbolBlock.class);

            NetworkStructure network =
                    StructureInspector.inspect(model.getBlock(), StructureConvention.PAPER);

            assertThat(network.parameters())
                    .extracting(
                            ParameterStructure::path,
                            ParameterStructure::shape,
                            ParameterStructure::layer,
                            ParameterStructure::connections,
                            ParameterStructure::depth,
                            ParameterStructure::fanIn)
                    .containsExactly(
                            tuple("stem.0.weight", new Shape(4, 3, 3, 3), "stem.0", 108L, 0, 27L),
                            tuple("stem.0.bias", new Shape(4), "stem.0", 108L, 0, 27L),
                            tuple("stem.1.weight", new Shape(4), "stem.0", 108L, 0, 27L),
                            tuple("stem.1.bias", new Shape(4), "stem.0", 108L, 0, 27L),
                            tuple(
                                    "layer1.0.conv1.weight",
                                    new Shape(8, 4, 3, 3),
                                    "layer1.0.conv1",
                                    288L,
                                    1,
                                    36L),
                            tuple(
                                    "layer1.0.bn1.weight",
                                    new Shape(8),
                                    "layer1.0.conv1",
                                    288L,
                                    1,
                                    36L),
                            tuple(
                                    "layer1.0.bn1.bias",
                                    new Shape(8),
                                    "layer1.0.conv1",
                                    288L,
                                    1,
                                    36L),
                            tuple(
                                    "layer1.0.conv2.weight",
                                    new Shape(8, 8, 3, 3),
                                    "layer1.0.conv2",
                                    576L,
                                    2,
                                    72L),
                            tuple(
                                    "layer1.0.conv2.bias",
                                    new Shape(8),
                                    "layer1.0.conv2",
                                    576L,
                                    2,
                                    72L),
                            tuple(
                                    "layer1.0.shortcut.weight",
                                    new Shape(8, 4, 1, 1),
                                    "layer1.0.shortcut",
                                    32L,
                                    3,
                                    4L),
                            tuple("head.weight", new Shape(4, 8), "head", 32L, 4, 8L),
                            tuple("head.bias", new Shape(4), "head", 32L, 4, 8L));
            assertThat(network.totalDepth()).isEqualTo(5);
            assertThat(network.medianConnections()).isEqualTo(108);
        }
    }

    @Test
    void referenceConventionReadsTheSameParameters() throws Exception {
        try (ZooModel<NDList, NDList> model = load("true")) {
            NetworkStructure network =
                    StructureInspector.inspect(model.getBlock(), StructureConvention.REFERENCE);

            assertThat(network.parameters())
                    .allSatisfy(
                            p ->
                                    assertThat(p.connections())
                                            .isEqualTo(p.shape().dimension() > 1 ? 32 : 0));
            assertThat(network.totalDepth()).isEqualTo(12);
        }
    }

    /** Its tensors are inference tensors, on which PyTorch refuses gradients ever after. */
    @Test
    void withoutTheOptionToTrainAllParametersAreFrozen() throws Exception {
        try (ZooModel<NDList, NDList> model = load("false")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    StructureInspector.inspect(
                                            model.getBlock(), StructureConvention.PAPER))
                    .withMessageContaining("option trainParam=true");
        }
    }

    @Test
    void insideAnotherBlockLayersCarryItsPath() throws Exception {
        try (ZooModel<NDList, NDList> backbone = load("true");
                NDManager manager = NDManager.newBaseManager()) {
            Linear head = Linear.builder().setUnits(2).build();
            SequentialBlock block = new SequentialBlock().add(backbone.getBlock()).add(head);
            block.getChildren()
                    .values()
                    .get(1)
                    .initialize(manager, DataType.FLOAT32, new Shape(1, 4));
            backbone.getBlock().freezeParameters(true, p -> !p.getName().startsWith("head"));

            NetworkStructure network = StructureInspector.inspect(block, StructureConvention.PAPER);

            assertThat(network.parameters())
                    .extracting(ParameterStructure::path, ParameterStructure::layer)
                    .containsExactly(
                            tuple("01PtSymbolBlock_head.weight", "01PtSymbolBlock_head"),
                            tuple("01PtSymbolBlock_head.bias", "01PtSymbolBlock_head"),
                            tuple("02Linear_weight", "02Linear"),
                            tuple("02Linear_bias", "02Linear"));
        }
    }

    @Test
    void caAdamTrainsIt() throws Exception {
        try (ZooModel<NDList, NDList> model = load("true")) {
            Block block = model.getBlock();
            List<float[]> before = Networks.values(block);
            try (CaAdam caAdam =
                            CaAdam.builder()
                                    .setBlock(block)
                                    .setScaling(ScalingStrategy.additive())
                                    .build();
                    Trainer trainer =
                            model.newTrainer(
                                    new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                                            .optOptimizer(caAdam))) {
                trainer.initialize(new Shape(16, 3, 8, 8));
                NDManager manager = trainer.getManager();
                NDArray classes = manager.arange(16).mod(4);
                NDList images =
                        new NDList(
                                manager.randomNormal(new Shape(16, 3, 8, 8))
                                        .add(classes.reshape(16, 1, 1, 1)));
                float first = step(trainer, images, classes);
                float last = first;
                for (int i = 1; i < 20; i++) {
                    last = step(trainer, images, classes);
                }

                assertThat(last).isLessThan(first);
            }
            List<float[]> after = Networks.values(block);
            List<String> names = block.getParameters().keys();
            for (int i = 0; i < before.size(); i++) {
                assertThat(after.get(i)).as(names.get(i)).isNotEqualTo(before.get(i));
            }
        }
    }

    private static float step(Trainer trainer, NDList images, NDArray classes) {
        float loss;
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDArray value =
                    trainer.getLoss().evaluate(new NDList(classes), trainer.forward(images));
            collector.backward(value);
            loss = value.getFloat();
        }
        trainer.step();
        return loss;
    }

    private static ZooModel<NDList, NDList> load(String trainable)
            throws ModelNotFoundException, MalformedModelException, IOException {
        return Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optEngine("PyTorch")
                .optModelPath(FILE)
                .optOption("trainParam", trainable)
                .build()
                .loadModel();
    }
}
