// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.RandomSampler;
import ai.djl.training.dataset.Record;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Pipeline;
import ai.djl.translate.Transform;
import ai.djl.util.Progress;
import ai.djl.util.RandomUtils;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.OptimizerCases;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.pytorch.OptimizerCase;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled steps inside {@code EasyTrain.fit}, held against the fused steps of DJL's own loop. */
class CompiledTrainerTest {

    private static final int EPOCHS = 5;
    private static final float ROUNDING = FitTraining.ROUNDING;

    private static Block mlp() {
        return Networks.mlp(12, 5, 1);
    }

    private static List<float[]> fused(
            Function<FitTraining, Dataset> data, OptimizerCase optimizer) {
        try (FitTraining training = new FitTraining(mlp(), optimizer::create, Trainers.FUSED)) {
            return training.fit(EPOCHS, data.apply(training), training.inOrder()).weights();
        }
    }

    private static void requireEqual(List<float[]> actual, List<float[]> expected) {
        assertThat(actual).containsExactlyElementsOf(expected);
    }

    private static void requireSameAsFused(int steps, Function<FitTraining, Dataset> data) {
        List<float[]> expected = fused(data, OptimizerCase.CAADAM_ADDITIVE);
        int draw = RandomUtils.nextInt(1 << 30);
        try (FitTraining training =
                new FitTraining(
                        mlp(),
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        steps == 0 ? Trainers.COMPILED : Trainers.compiled(steps))) {
            training.fit(EPOCHS, data.apply(training), training.inOrder());

            FitTraining.requireSame(training.weights(), expected);
            assertThat(RandomUtils.nextInt(1 << 30)).as("the next random number").isEqualTo(draw);
            assertThat(training.fused().fallbackReason()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.caadam.pytorch.OptimizerCase#all")
    void everyOptimizerMakesTheStepsOfFusedTraining(OptimizerCase optimizer) {
        List<float[]> expected = fused(FitTraining::shuffled, optimizer);
        try (FitTraining training = new FitTraining(mlp(), optimizer::create, Trainers.COMPILED)) {
            training.fit(EPOCHS, training.shuffled(), training.inOrder());

            FitTraining.requireSame(training.weights(), expected);
            assertThat(training.fused().fallbackReason()).isEmpty();
        }
    }

    static Stream<Arguments> relativeSteps() {
        return Stream.of(LibraryOptimizer.values())
                .map(OptimizerCases::first)
                .flatMap(
                        one ->
                                Stream.of(
                                                ScalingStrategy.relativeStep(0.005),
                                                ScalingStrategy.relativeStepAtStart(0.005))
                                        .map(scaling -> Arguments.of(one, scaling)));
    }

    @ParameterizedTest
    @MethodSource("relativeSteps")
    void everyOptimizerFitsByRelativeStepsAlikeInEveryTrainer(
            OptimizerCases.Case optimizer, ScalingStrategy scaling) {
        Function<Block, StatefulOptimizer> scaled =
                block ->
                        optimizer.create(
                                block,
                                builder -> {
                                    LibraryOptimizer.scale(builder, scaling);
                                    builder.optDecoupledWeightDecay(0.01f);
                                });

        List<float[]> fused = fitted(scaled, Trainers.FUSED);

        List<float[]> compiled = fitted(scaled, Trainers.COMPILED);
        FitTraining.requireSame(compiled, fused);
        requireEqual(fitted(scaled, Trainers.compiled(3)), compiled);
        List<float[]> oneByOne = fitted(scaled, Model::newTrainer);
        for (int i = 0; i < fused.size(); i++) {
            assertThat(fused.get(i)).containsExactly(oneByOne.get(i), within(1e-5f));
        }
    }

    private static List<float[]> fitted(
            Function<Block, StatefulOptimizer> optimizer,
            BiFunction<Model, TrainingConfig, Trainer> trainers) {
        try (FitTraining training = new FitTraining(mlp(), optimizer, trainers)) {
            return training.fit(2, training.shuffled(), training.inOrder()).weights();
        }
    }

    /** An epoch has ten batches, the last of 6 rows. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 9, 10, 11, 1000})
    void anyNumberOfStepsAtOnceTrainsAlike(int steps) {
        requireSameAsFused(steps, FitTraining::shuffled);
        requireSameAsFused(steps, FitTraining::inOrder);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 9})
    void howManyStepsAreMadeAtOnceChangesNoBit(int steps) {
        List<List<float[]>> weights = new ArrayList<>();
        for (var trainers : List.of(Trainers.COMPILED, Trainers.compiled(steps))) {
            try (FitTraining training =
                    new FitTraining(mlp(), OptimizerCase.NADAM::create, trainers)) {
                weights.add(training.fit(EPOCHS, training.shuffled(), null).weights());
            }
        }

        requireEqual(weights.get(1), weights.get(0));
    }

    @Test
    void shortBatchesAreDroppedIfTheSamplerDropsThem() {
        requireSameAsFused(
                3,
                training -> training.builder().setSampling(FitTraining.BATCH, true, true).build());
    }

    @Test
    void limitedDataSetsAreTrainedOnUpToTheirLimit() {
        requireSameAsFused(
                3, training -> training.builder().setSampling(16, false).optLimit(100).build());
    }

    @Test
    void batchesOfUnequalSizesKeepTheirSizes() {
        Sampler sampler = new UnequalBatches(List.of(5, 5, 16, 16, 7, 7, 7, 3, 9, 1));
        requireSameAsFused(4, training -> training.builder().setSampling(sampler).build());
        requireSameAsFused(0, training -> training.builder().setSampling(sampler).build());
    }

    /** Draws rows in batches of given sizes. */
    private record UnequalBatches(List<Integer> sizes) implements Sampler {

        @Override
        public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
            Iterator<Long> rows = new RandomSampler().sample(dataset);
            List<List<Long>> batches = new ArrayList<>();
            for (int size : sizes) {
                List<Long> batch = new ArrayList<>();
                for (int i = 0; i < size; i++) {
                    batch.add(rows.next());
                }
                batches.add(batch);
            }
            return batches.iterator();
        }

        @Override
        public int getBatchSize() {
            return -1;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void anyOtherDataSetIsTrainedOnInItsOwnBatches(int steps) {
        requireSameAsFused(steps, Streamed::new);
        requireSameAsFused(steps, RowByRow::new);
        requireSameAsFused(
                steps,
                training ->
                        training.builder()
                                .setSampling(16, true)
                                .optPipeline(new Pipeline(new Doubled()))
                                .build());
        requireSameAsFused(
                steps,
                training -> {
                    try {
                        return training.shuffled().subDataset(10, 120);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private static final class Doubled implements Transform {

        @Override
        public NDArray transform(NDArray array) {
            return array.mul(2);
        }
    }

    /** A data set that is no list of rows, and whose iterator closes what it gave before. */
    private static final class Streamed implements Dataset {

        private final FitTraining training;

        Streamed(FitTraining training) {
            this.training = training;
        }

        @Override
        public Iterable<Batch> getData(NDManager manager) {
            return () ->
                    new Iterator<>() {

                        private final NDManager own = manager.newSubManager();
                        private int row;

                        @Override
                        public boolean hasNext() {
                            if (row == FitTraining.ROWS) {
                                own.close();
                            }
                            return row < FitTraining.ROWS;
                        }

                        @Override
                        public Batch next() {
                            int end = Math.min(FitTraining.ROWS, row + FitTraining.BATCH);
                            NDManager batch = own.newSubManager();
                            String range = row + ":" + end;
                            int size = end - row;
                            row = end;
                            return new Batch(
                                    batch,
                                    new NDList(training.features().get(range).duplicate()),
                                    new NDList(training.labels().get(range).duplicate()),
                                    size,
                                    Batchifier.STACK,
                                    Batchifier.STACK,
                                    end,
                                    FitTraining.ROWS);
                        }
                    };
        }

        @Override
        public void prepare(Progress progress) {}
    }

    /** A data set of a user's, which gives rows one by one. */
    private static final class RowByRow extends RandomAccessDataset {

        private final FitTraining training;

        RowByRow(FitTraining training) {
            super(new Settings().setSampling(FitTraining.BATCH, true));
            this.training = training;
        }

        @Override
        public Record get(NDManager manager, long index) {
            NDList features = new NDList(training.features().get(index));
            NDList labels = new NDList(training.labels().get(index));
            features.attach(manager);
            labels.attach(manager);
            return new Record(features, labels);
        }

        @Override
        protected long availableSize() {
            return FitTraining.ROWS;
        }

        @Override
        public void prepare(Progress progress) {}

        private static final class Settings extends BaseBuilder<Settings> {

            @Override
            protected Settings self() {
                return this;
            }
        }
    }

    /**
     * Convolutions, normalisations and other activations are differentiated inside the program. No
     * bias before the normalisation: its gradient would be nothing but rounding.
     */
    @Test
    void recordedNetworksAreTrainedAlike() {
        Supplier<Block> network =
                () ->
                        new SequentialBlock()
                                .add(
                                        Conv2d.builder()
                                                .setKernelShape(new Shape(3, 3))
                                                .setFilters(3)
                                                .optBias(false)
                                                .build())
                                .add(BatchNorm.builder().build())
                                .add(Activation.tanhBlock())
                                .add(Blocks.batchFlattenBlock())
                                .add(Linear.builder().setUnits(1).build());
        List<List<float[]>> weights = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.COMPILED, Trainers.compiled(4))) {
            try (FitTraining training =
                    new FitTraining(
                            network.get(),
                            new Shape(2, 6, 6),
                            OptimizerCase.CAADAM_ADDITIVE::create,
                            new MeanSquaredError(),
                            List.of(),
                            trainers)) {
                training.fit(EPOCHS, training.shuffled(), training.inOrder());
                weights.add(training.weights());
                assertThat(training.fused().fallbackReason()).isEmpty();
            }
        }

        for (int i = 0; i < weights.get(0).size(); i++) {
            assertThat(weights.get(1).get(i)).containsExactly(weights.get(0).get(i), within(5e-5f));
        }
        requireEqual(weights.get(2), weights.get(1));
    }

    /** The penalty that the loop's backward pass sees is of the weights behind the steps. */
    @Test
    void penalizedLossesAreTrainedAlike() {
        List<List<float[]>> weights = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.compiled(4))) {
            Block block = mlp();
            try (FitTraining training =
                    new FitTraining(
                            block,
                            new Shape(FitTraining.WIDTH),
                            OptimizerCase.ADAM::create,
                            new L2PenalizedLoss(new MeanSquaredError(), block, 0.01f, "_weight$"),
                            List.of(),
                            trainers)) {
                training.fit(EPOCHS, training.shuffled(), training.inOrder());
                weights.add(training.weights());
                assertThat(training.fused().fallbackReason()).isEmpty();
            }
        }

        for (int i = 0; i < weights.get(0).size(); i++) {
            assertThat(weights.get(1).get(i)).containsExactly(weights.get(0).get(i), within(5e-6f));
        }
    }

    /** Accuracy counts rows, so that chunks change nothing; of DJL's loss see the javadoc. */
    @Test
    void evaluatorsAndListenersSeeAChunkAsOneBatch() {
        List<Float> accuracies = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.compiled(4))) {
            EvaluatorTrainingListener evaluations = new EvaluatorTrainingListener();
            Counting counting = new Counting();
            try (FitTraining training =
                    new FitTraining(
                            Networks.mlp(8, 3),
                            new Shape(FitTraining.WIDTH),
                            OptimizerCase.ADAM::create,
                            Loss.softmaxCrossEntropyLoss(),
                            List.of(new Accuracy()),
                            trainers,
                            evaluations,
                            counting)) {
                NDArray classes = training.labels().abs().minimum(2).floor();
                ArrayDataset data =
                        new ArrayDataset.Builder()
                                .setData(training.features())
                                .optLabels(classes)
                                .setSampling(FitTraining.BATCH, true)
                                .build();
                training.trainer().setMetrics(new Metrics());
                training.fit(EPOCHS, data, data);
                accuracies.add(evaluations.getLatestEvaluations().get("train_Accuracy"));
                accuracies.add(evaluations.getLatestEvaluations().get("validate_Accuracy"));
                boolean chunks = accuracies.size() > 2;
                assertThat(counting.rows).containsOnly(FitTraining.ROWS);
                assertThat(counting.batches).containsOnly(chunks ? 3 : 10);
                assertThat(training.trainer().getMetrics().getMetric("step"))
                        .hasSize(EPOCHS * (chunks ? 3 : 10));
            }
        }

        assertThat(accuracies.subList(2, 4)).isEqualTo(accuracies.subList(0, 2));
    }

    private static final class Counting extends TrainingListenerAdapter {

        private final List<Integer> rows = new ArrayList<>();
        private final List<Integer> batches = new ArrayList<>();
        private int rowsNow;
        private int batchesNow;

        @Override
        public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            rowsNow += batchData.getBatch().getSize();
            batchesNow++;
            assertThat(batchData.getBatch().getProgress()).isEqualTo(rowsNow);
            assertThat(batchData.getBatch().getProgressTotal()).isEqualTo(FitTraining.ROWS);
            assertThat(batchData.getBatch().getIndices()).hasSize(batchData.getBatch().getSize());
            batchData
                    .getPredictions()
                    .values()
                    .forEach(
                            p ->
                                    assertThat(p.head().size(0))
                                            .isEqualTo(batchData.getBatch().getSize()));
        }

        @Override
        public void onEpoch(Trainer trainer) {
            rows.add(rowsNow);
            batches.add(batchesNow);
            rowsNow = 0;
            batchesNow = 0;
        }
    }

    /** Predictions are those that DJL's loop makes: of the weights before the batch's own step. */
    @Test
    void predictionsOfAChunkAreThoseOfItsBatchesBeforeTheirSteps() throws Exception {
        List<float[]> predictions = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.COMPILED)) {
            Collecting collecting = new Collecting();
            try (FitTraining training =
                    new FitTraining(
                            mlp(), OptimizerCase.CAADAM_ADDITIVE::create, trainers, collecting)) {
                training.fit(2, training.shuffled(), null);
                float[] all = new float[collecting.values.size()];
                for (int i = 0; i < all.length; i++) {
                    all[i] = collecting.values.get(i);
                }
                predictions.add(all);
            }
        }

        assertThat(predictions.get(0)).hasSize(2 * FitTraining.ROWS);
        assertThat(predictions.get(1)).containsExactly(predictions.get(0), within(ROUNDING));
    }

    /** Errors of such labels are too coarse to tell a prediction. */
    @Test
    void predictionsKeepTheirDigitsBesideLargeLabels() throws Exception {
        List<List<Float>> predictions = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.COMPILED)) {
            Collecting collecting = new Collecting();
            try (FitTraining training =
                    new FitTraining(
                            mlp(), OptimizerCase.CAADAM_ADDITIVE::create, trainers, collecting)) {
                Dataset data =
                        new ArrayDataset.Builder()
                                .setData(training.features())
                                .optLabels(training.labels().mul(1e6))
                                .setSampling(FitTraining.BATCH, false)
                                .build();
                training.fit(1, data, null);
                predictions.add(collecting.values);
            }
        }

        for (int row = 0; row < FitTraining.ROWS; row++) {
            assertThat(predictions.get(1).get(row))
                    .isCloseTo(predictions.get(0).get(row), within(ROUNDING));
        }
    }

    private static final class Collecting extends TrainingListenerAdapter {

        private final List<Float> values = new ArrayList<>();

        @Override
        public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            for (NDList list : batchData.getPredictions().values()) {
                for (float value : list.head().toFloatArray()) {
                    values.add(value);
                }
            }
        }
    }

    @Test
    void whatIsFrozenBetweenEpochsStays() {
        List<List<float[]>> weights = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.COMPILED)) {
            try (FitTraining training =
                    new FitTraining(mlp(), OptimizerCase.CAADAM_ADDITIVE::create, trainers)) {
                Block first = training.block().getChildren().valueAt(0);
                training.fit(2, training.shuffled(), null);
                first.freezeParameters(true);
                float[] frozen = training.weights().get(0);
                training.fit(2, training.shuffled(), null);
                assertThat(training.weights().get(0)).isEqualTo(frozen);
                first.freezeParameters(false);
                weights.add(training.fit(2, training.shuffled(), null).weights());
            }
        }

        FitTraining.requireSame(weights.get(1), weights.get(0));
    }

    @Test
    void aHeadThatIsReplacedIsTrainedByAnotherProgram() {
        List<List<float[]>> weights = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.COMPILED)) {
            try (FitTraining training =
                    new FitTraining(mlp(), OptimizerCase.CAADAM_ADDITIVE::create, trainers)) {
                training.fit(2, training.shuffled(), null);
                Block head = Linear.builder().setUnits(1).build();
                head.setInitializer(new ConstantInitializer(0.1f), p -> true);
                head.initialize(training.trainer().getManager(), DataType.FLOAT32, new Shape(1, 5));
                ((SequentialBlock) training.block()).replaceLastBlock(head);
                weights.add(training.fit(2, training.shuffled(), null).weights());
            }
        }

        FitTraining.requireSame(weights.get(1), weights.get(0));
    }

    /** Fused steps of a loop's own batches, and compiled ones, share state and count. */
    @Test
    void takesTurnsWithStepsOnBatchesOfTheCallersOwn() throws Exception {
        List<List<float[]>> weights = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.compiled(4))) {
            try (FitTraining training =
                    new FitTraining(mlp(), OptimizerCase.NADAM::create, trainers)) {
                for (int i = 0; i < 4; i++) {
                    training.fit(1, training.shuffled(), training.inOrder());
                    for (Batch batch :
                            training.inOrder().getData(training.trainer().getManager())) {
                        EasyTrain.trainBatch(training.trainer(), batch);
                        training.trainer().step();
                        batch.close();
                    }
                }
                weights.add(training.weights());
            }
        }

        FitTraining.requireSame(weights.get(1), weights.get(0));
    }

    @Test
    void validationTrainsNothing() throws Exception {
        try (FitTraining training =
                new FitTraining(mlp(), OptimizerCase.ADAM::create, Trainers.COMPILED)) {
            training.fit(1, training.shuffled(), null);
            List<float[]> before = training.weights();
            EasyTrain.evaluateDataset(training.trainer(), training.shuffled());

            requireEqual(training.weights(), before);
        }
    }

    @Test
    void aChunkIsEvaluatedInPieces() throws Exception {
        int rows = 400_000;
        List<float[]> predictions = new ArrayList<>();
        for (var trainers : List.of(Trainers.FUSED, Trainers.COMPILED)) {
            try (FitTraining training =
                    new FitTraining(mlp(), OptimizerCase.ADAM::create, trainers)) {
                NDManager manager = training.trainer().getManager();
                NDArray features = manager.arange(rows * 6f).div(rows).reshape(rows, 6);
                ArrayDataset data =
                        new ArrayDataset.Builder()
                                .setData(features)
                                .optLabels(manager.zeros(new Shape(rows, 1)))
                                .setSampling(100_000, false)
                                .build();
                float[] all = new float[rows];
                int row = 0;
                for (Batch batch : training.trainer().iterateDataset(data)) {
                    float[] values =
                            training.trainer().evaluate(batch.getData()).head().toFloatArray();
                    System.arraycopy(values, 0, all, row, values.length);
                    row += values.length;
                    batch.close();
                }
                predictions.add(all);
            }
        }

        assertThat(predictions.get(1)).containsExactly(predictions.get(0), within(1e-5f));
    }

    /** 64 MiB are 2,097 batches of 1,000 rows of eight numbers of four bytes. */
    @Test
    void aCompiledEpochTakesNoMoreThanItsMemoryBound() throws Exception {
        int rows = 2_500_000;
        try (FitTraining training =
                new FitTraining(mlp(), OptimizerCase.ADAM::create, Trainers.COMPILED)) {
            NDManager manager = training.trainer().getManager();
            ArrayDataset data =
                    new ArrayDataset.Builder()
                            .setData(manager.zeros(new Shape(rows, FitTraining.WIDTH)))
                            .optLabels(manager.zeros(new Shape(rows, 1)))
                            .setSampling(1000, false)
                            .build();
            List<Integer> sizes = new ArrayList<>();
            for (Batch batch : training.trainer().iterateDataset(data)) {
                sizes.add(batch.getSize());
                batch.close();
            }

            assertThat(sizes).containsExactly(2_097_000, 403_000);
            assertThat(ChunkSize.whole().batches(1000, 1L << 20)).isEqualTo(1);
            assertThat(ChunkSize.of(7).batches(1000, 1L << 20)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsThatAnExecutorFetchesComeInTheSameOrder(boolean rowByRow) {
        List<float[]> expected =
                fused(
                        rowByRow ? RowByRow::new : FitTraining::shuffled,
                        OptimizerCase.CAADAM_ADDITIVE);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (FitTraining training =
                new FitTraining(
                        mlp(),
                        OptimizerCase.CAADAM_ADDITIVE::create,
                        (model, config) ->
                                Trainers.compiled(3)
                                        .apply(
                                                model,
                                                ((DefaultTrainingConfig) config)
                                                        .optExecutorService(executor)))) {
            training.fit(
                    EPOCHS,
                    rowByRow ? new RowByRow(training) : training.shuffled(),
                    training.inOrder());

            FitTraining.requireSame(training.weights(), expected);
        } finally {
            executor.shutdown();
        }
    }
}
