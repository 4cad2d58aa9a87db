// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.training.MeanSquaredError;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An embedding whose gradient is sparse is trained as one whose gradient is dense. */
class SparseGradientsTest {

    private static final int ROWS = 40;
    private static final int BATCH = 8;
    private static final int WORDS = 12;
    private static final int LENGTH = 3;

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = data();

    @AfterEach
    void close() {
        manager.close();
    }

    private TestData data() {
        Random random = new Random(3);
        long[] words = random.longs((long) ROWS * LENGTH, 0, WORDS).toArray();
        float[] labels = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = (float) random.nextGaussian();
        }
        return new TestData(
                manager.create(words, new Shape(ROWS, LENGTH)),
                manager.create(labels, new Shape(ROWS, 1)));
    }

    private static Block network(SparseFormat format) {
        List<String> words = IntStream.range(0, WORDS).mapToObj(i -> "word" + i).toList();
        return new SequentialBlock()
                .add(
                        TrainableWordEmbedding.builder()
                                .setVocabulary(new DefaultVocabulary(words))
                                .optNumEmbeddings(WORDS)
                                .setEmbeddingSize(4)
                                .optSparseFormat(format)
                                .build())
                .add(Blocks.batchFlattenBlock())
                .add(Activation.tanhBlock())
                .add(Linear.builder().setUnits(1).build());
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void stepsParameterByParameterAreThoseOfDenseGradients(OptimizerCase optimizer) {
        requireClose(
                trained(SparseFormat.COO, optimizer, Model::newTrainer),
                trained(SparseFormat.DENSE, optimizer, Model::newTrainer));
    }

    /** Whether in one call or parameter by parameter. */
    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void stepsOfAFusedTrainerAreThoseOfDenseGradients(OptimizerCase optimizer) {
        requireClose(
                trained(SparseFormat.COO, optimizer, Trainers.FUSED),
                trained(SparseFormat.DENSE, optimizer, Model::newTrainer));
    }

    private void requireClose(List<float[]> sparse, List<float[]> dense) {
        assertThat(sparse).hasSameSizeAs(dense);
        for (int i = 0; i < dense.size(); i++) {
            try (NDArray found = manager.create(sparse.get(i));
                    NDArray expected = manager.create(dense.get(i))) {
                assertThat(Executions.difference(found, expected))
                        .as("parameter %d", i)
                        .isLessThan(Executions.TOLERANCE);
            }
        }
    }

    private List<float[]> trained(
            SparseFormat format,
            OptimizerCase optimizer,
            BiFunction<Model, TrainingConfig, Trainer> trainers) {
        try (Twins.Side side =
                new Twins.Side(
                        Device.cpu(),
                        network(format),
                        optimizer::create,
                        block -> new MeanSquaredError(),
                        BATCH,
                        new Shape(LENGTH),
                        trainers)) {
            for (int epoch = 0; epoch < 4; epoch++) {
                side.trainEagerly(data.features(), data.labels(), TestData.order(ROWS, epoch));
            }
            return Networks.values(side.block());
        }
    }
}
