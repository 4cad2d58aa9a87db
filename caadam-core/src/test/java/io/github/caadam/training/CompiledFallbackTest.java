// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.util.Progress;
import io.github.caadam.Logs;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.pytorch.OptimizerCase;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What cannot be compiled is trained by DJL's loop, with fused steps where there are some. */
class CompiledFallbackTest {

    private static Block mlp() {
        return Networks.mlp(12, 5, 1);
    }

    private static void requireTrained(
            Supplier<Block> network,
            Function<Block, ? extends Optimizer> optimizer,
            Supplier<Loss> loss,
            Function<FitTraining, Dataset> data,
            String reason) {
        List<float[]> expected;
        try (FitTraining training =
                new FitTraining(
                        network.get(),
                        new Shape(FitTraining.WIDTH),
                        optimizer,
                        loss.get(),
                        List.of(),
                        Trainers.FUSED)) {
            expected = training.fit(2, data.apply(training), training.inOrder()).weights();
        }
        String log =
                Logs.of(
                        () -> {
                            try (FitTraining training =
                                    new FitTraining(
                                            network.get(),
                                            new Shape(FitTraining.WIDTH),
                                            optimizer,
                                            loss.get(),
                                            List.of(),
                                            Trainers.COMPILED)) {
                                training.fit(2, data.apply(training), training.inOrder());
                                assertThat(training.weights()).containsExactlyElementsOf(expected);
                                assertThat(training.fused().fallbackReason())
                                        .hasValueSatisfying(r -> assertThat(r).contains(reason));
                            }
                        });
        assertThat(log).containsOnlyOnce(reason);
    }

    @Test
    void blocksThatAreNotKnownAreTrainedByFusedSteps() {
        requireTrained(
                () ->
                        new SequentialBlock()
                                .add(Linear.builder().setUnits(5).build())
                                .add(list -> new NDList(Activation.tanh(list.head())))
                                .add(Linear.builder().setUnits(1).build()),
                OptimizerCase.CAADAM_ADDITIVE::create,
                MeanSquaredError::new,
                FitTraining::shuffled,
                "02");
    }

    @Test
    void lossesThatAreNotKnownAreTrainedByFusedSteps() {
        requireTrained(
                CompiledFallbackTest::mlp,
                OptimizerCase.CAADAM_ADDITIVE::create,
                Loss::l1Loss,
                FitTraining::shuffled,
                "L1Loss");
    }

    @Test
    void optimizersOfOthersAreTrainedParameterByParameter() {
        requireTrained(
                CompiledFallbackTest::mlp,
                block -> Optimizer.adam().build(),
                MeanSquaredError::new,
                FitTraining::shuffled,
                "Adam is not an optimizer of this library");
    }

    @Test
    void factorsThatDependOnTheGradientAreTrainedParameterByParameter() {
        requireTrained(
                CompiledFallbackTest::mlp,
                block ->
                        CaAdam.builder()
                                .setBlock(block)
                                .setScaling(ScalingStrategy.gradientConcentration(1))
                                .build(),
                MeanSquaredError::new,
                FitTraining::shuffled,
                "depend on the gradient");
    }

    @Test
    void labelsThatOnlyDjlTakesAreTrainedByFusedSteps() {
        requireTrained(
                CompiledFallbackTest::mlp,
                OptimizerCase.CAADAM_ADDITIVE::create,
                MeanSquaredError::new,
                training -> {
                    NDArray labels = training.labels().toType(DataType.FLOAT64, true);
                    return new ArrayDataset.Builder()
                            .setData(training.features())
                            .optLabels(labels)
                            .setSampling(FitTraining.BATCH, true)
                            .build();
                },
                "The labels are float64");
    }

    /** The batches' sizes are not those of their arrays: who knows what is a row. */
    @Test
    void dataSetsWhoseBatchesAreNoRowsAreTrainedByFusedSteps() {
        requireTrained(
                CompiledFallbackTest::mlp,
                OptimizerCase.CAADAM_ADDITIVE::create,
                MeanSquaredError::new,
                Miscounted::new,
                "one dense array of data and one of labels");
    }

    private record Miscounted(FitTraining training) implements Dataset {

        @Override
        public Iterable<Batch> getData(NDManager manager) throws IOException, TranslateException {
            List<Batch> batches = new ArrayList<>();
            for (Batch batch : training.shuffled().getData(manager)) {
                NDManager owner = manager.newSubManager();
                batches.add(
                        new Batch(
                                owner,
                                batch.getData(),
                                batch.getLabels(),
                                batch.getSize() + 1,
                                Batchifier.STACK,
                                Batchifier.STACK,
                                0,
                                0));
            }
            return batches;
        }

        @Override
        public void prepare(Progress progress) {}
    }

    /** What cannot be part of a chunk is only evaluated, and nobody is told. */
    @Test
    void validationDataThatCannotBeJoinedHindersNothing() {
        String log =
                Logs.of(
                        () -> {
                            try (FitTraining training =
                                    new FitTraining(
                                            mlp(), OptimizerCase.ADAM::create, Trainers.COMPILED)) {
                                Dataset validation =
                                        new ArrayDataset.Builder()
                                                .setData(training.features())
                                                .optLabels(training.labels(), training.labels())
                                                .setSampling(FitTraining.BATCH, true)
                                                .build();
                                training.fit(2, training.shuffled(), validation);
                                assertThat(training.fused().fallbackReason()).isEmpty();
                            }
                        });
        assertThat(log).doesNotContain("WARN");
    }
}
