// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import io.github.caadam.Networks;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainedNetworkTest {

    private NDManager manager;
    private SequentialBlock block;

    @BeforeEach
    void openManager() {
        manager = NDManager.newBaseManager();
        block = Networks.initialized(manager, Networks.mlp(64, 32, 1), new Shape(1, 8));
    }

    @AfterEach
    void closeManager() {
        manager.close();
    }

    /** Bfloat16 among them, of which an array that says so is all that can be had: DJL has none. */
    @ParameterizedTest
    @EnumSource
    void weightsOfAllTypesButSinglesAndDoublesAreRefusedByName(DataType type) {
        NDArray weight =
                (NDArray)
                        Proxy.newProxyInstance(
                                NDArray.class.getClassLoader(),
                                new Class<?>[] {NDArray.class},
                                (proxy, method, arguments) -> {
                                    assertThat(method.getName()).isEqualTo("getDataType");
                                    return type;
                                });
        ThrowingCallable check = () -> TrainedNetwork.requireType("The parameter 01", weight);
        if (type == DataType.FLOAT32 || type == DataType.FLOAT64) {
            assertThatCode(check).doesNotThrowAnyException();
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(check)
                    .withMessageStartingWith("The parameter 01 is " + type + ", in which")
                    .withMessageContaining("DataType.FLOAT32");
        }
    }

    @Test
    void frozenLayerLeavesTheFactorsOfTheSmallerNetworkAndUnfrozenGivesThemBack() {
        TrainedNetwork network = additive(block);
        // c = 512, 2048, 32 of median 512.
        assertThat(step(network)).containsExactly(1f, 1f, 0.05f, 0.05f, 1.95f, 1.95f);

        layer(2).freezeParameters(true);
        // c = 512, 32: the median is 272, and both are as far from it as can be.
        assertThat(step(network)).containsExactly(0.05f, 0.05f, 1.95f, 1.95f);
        assertThat(step(network)).containsExactly(0.05f, 0.05f, 1.95f, 1.95f);

        layer(2).freezeParameters(false);
        assertThat(step(network)).containsExactly(1f, 1f, 0.05f, 0.05f, 1.95f, 1.95f);
    }

    @Test
    void layersThatAreFrozenFromTheStartCountOnceTheyAreUnfrozen() {
        layer(0).freezeParameters(true);
        layer(2).freezeParameters(true);
        TrainedNetwork network = additive(block);
        assertThat(step(network)).containsExactly(1f, 1f);

        layer(2).freezeParameters(false);
        assertThat(step(network)).containsExactly(0.05f, 0.05f, 1.95f, 1.95f);

        layer(0).freezeParameters(false);
        assertThat(step(network)).containsExactly(1f, 1f, 0.05f, 0.05f, 1.95f, 1.95f);
    }

    @Test
    void layerThatIsUnfrozenAndThenTrainedAloneCountsAlone() {
        TrainedNetwork network = additive(block);
        step(network);
        layer(0).freezeParameters(true);
        step(network);
        layer(0).freezeParameters(false);
        step(network);
        layer(2).freezeParameters(true);
        layer(4).freezeParameters(true);

        assertThat(step(network)).containsExactly(1f, 1f);
    }

    @Test
    void headThatIsReplacedIsReadAnew() {
        TrainedNetwork network = additive(block);
        step(network);

        Linear head = Linear.builder().setUnits(100).build();
        head.initialize(manager, DataType.FLOAT32, new Shape(1, 32));
        block.replaceLastBlock(head);

        // c = 512, 2048, 3200 of median 2048. The first layer's parameters are updated before the
        // new ones are seen, so it takes until the step after that.
        step(network);
        assertThat(step(network)).containsExactly(1.95f, 1.95f, 1f, 1f, 0.05f, 0.05f);
    }

    @Test
    void structureIsReadOnceAsLongAsNothingChanges() {
        AtomicInteger computed = new AtomicInteger();
        TrainedNetwork network =
                network(block, (parameter, structure) -> computed.incrementAndGet());

        for (int i = 0; i < 10; i++) {
            step(network);
        }

        assertThat(computed).hasValue(6);
    }

    @Test
    void parameterThatIsFrozenIsRefused() {
        TrainedNetwork network = additive(block);
        layer(2).freezeParameters(true);

        assertThatIllegalStateException()
                .isThrownBy(
                        () -> network.requireKnown(layer(2).getParameters().get("weight").getId()))
                .withMessageContaining("is not a trainable parameter");
    }

    @Test
    void trainingGoesOnWithoutALayerThatIsFrozenInTheMiddle() {
        try (Model model = Model.newInstance("test", "PyTorch");
                CaAdam caAdam =
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.additive())
                                .build()) {
            model.setBlock(block);
            try (Trainer trainer =
                    model.newTrainer(
                            new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(caAdam))) {
                trainer.initialize(new Shape(4, 8));
                train(trainer);
                layer(2).freezeParameters(true);
                List<float[]> before = Networks.values(block);

                train(trainer);

                List<float[]> after = Networks.values(block);
                assertThat(after.get(0)).isNotEqualTo(before.get(0));
                assertThat(after.get(2)).isEqualTo(before.get(2));
                assertThat(after.get(4)).isNotEqualTo(before.get(4));
            }
        }
    }

    private static void train(Trainer trainer) {
        NDManager batch = trainer.getManager();
        NDList features = new NDList(batch.ones(new Shape(4, 8)));
        NDList labels = new NDList(batch.full(new Shape(4, 1), 10f));
        try (GradientCollector collector = trainer.newGradientCollector()) {
            collector.backward(trainer.getLoss().evaluate(labels, trainer.forward(features)));
        }
        trainer.step();
    }

    private static TrainedNetwork additive(Block block) {
        return network(block, ScalingStrategy.additive(0.95));
    }

    private static TrainedNetwork network(Block block, ScalingStrategy scaling) {
        return new TrainedNetwork(
                block, scaling, StructureConvention.PAPER, DecayExclusions.matching());
    }

    private Block layer(int index) {
        return block.getChildren().values().get(index);
    }

    /** The factors as a step asks for them, for each parameter that is trainable now. */
    private List<Float> step(TrainedNetwork network) {
        network.refresh();
        List<Float> values = new ArrayList<>();
        for (Parameter parameter : block.getParameters().values()) {
            if (parameter.requiresGradient()) {
                network.requireKnown(parameter.getId());
                values.add((float) network.factor(parameter.getId()));
            }
        }
        return values;
    }
}
