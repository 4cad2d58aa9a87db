// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.MeanSquaredError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole training against the same one in Keras, made by scripts/golden/mlp_training.py, in all
 * three executions.
 */
class GoldenTrainingTest {

    private static final JsonObject GOLDEN = Golden.read("mlp-training");
    private static final int BATCH_SIZE = 32;

    /**
     * Of weights, relative to the largest one of the network. They follow gradients that are
     * float32 too, whose products of matrices PyTorch and JAX round each in its own way. Keras'
     * float32 weights are up to 2.7e-7 away from its own float64 ones, ours up to 2.8e-7 from
     * either.
     */
    private static final double TOLERANCE = 1e-6;

    /**
     * Of losses, relative to the loss. Keras' float32 losses are up to 5.3e-7 away from its own
     * float64 ones, ours up to 4.9e-7 from either.
     */
    private static final double TOLERANCE_OF_LOSSES = 1e-6;

    /** What makes the steps. */
    enum Execution {
        ONE_BY_ONE(Model::newTrainer),
        FUSED(Trainers.FUSED),
        COMPILED(Model::newTrainer);

        @SuppressWarnings("ImmutableEnumChecker") // The constructors above capture nothing.
        private final BiFunction<Model, TrainingConfig, Trainer> newTrainer;

        Execution(BiFunction<Model, TrainingConfig, Trainer> newTrainer) {
            this.newTrainer = newTrainer;
        }
    }

    /** Makes a step on a batch; returns the loss before it. */
    private interface Stepper {
        double step(NDArray features, NDArray labels);
    }

    static Stream<Arguments> trainings() {
        return GOLDEN.getAsJsonObject("cases").keySet().stream()
                .flatMap(
                        name ->
                                Stream.of(Execution.values())
                                        .map(execution -> Arguments.of(name, execution)));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void trainsAsKerasDoes(String name, Execution execution) throws Exception {
        List<double[]> weights = new ArrayList<>();
        double[] losses = train(name, execution, weights);

        requireSame(name, "float64", losses, weights);
        requireSame(name, "float32", losses, weights);
    }

    private static void requireSame(
            String name, String precision, double[] losses, List<double[]> weights) {
        JsonObject recorded =
                GOLDEN.getAsJsonObject("cases").getAsJsonObject(name).getAsJsonObject(precision);
        double[] expectedLosses = Golden.doubles(recorded.get("losses"));
        List<double[]> expectedWeights = Golden.stored(recorded, "weights");
        assertThat(losses).hasSameSizeAs(expectedLosses);
        for (int i = 0; i < losses.length; i++) {
            assertThat(losses[i])
                    .as("loss of step %d, %s", i + 1, precision)
                    .isCloseTo(expectedLosses[i], within(TOLERANCE_OF_LOSSES * expectedLosses[i]));
        }
        assertThat(weights).hasSameSizeAs(expectedWeights).hasSize(4);
        for (int i = 0; i < weights.size(); i++) {
            double largest = 0;
            for (double weight : expectedWeights.get(i)) {
                largest = Math.max(largest, Math.abs(weight));
            }
            assertThat(weights.get(i))
                    .as(
                            "weights after step %s, %s",
                            GOLDEN.getAsJsonArray("steps").get(i), precision)
                    .containsExactly(expectedWeights.get(i), within(TOLERANCE * largest));
        }
    }

    private static CaAdam optimizer(String name, Block block) {
        CaAdam.Builder builder =
                CaAdam.builder()
                        .setBlock(block)
                        .setScaling(ScalingStrategy.none())
                        .optConvention(StructureConvention.REFERENCE)
                        .optEpsilon(1e-7f)
                        .optLearningRateTracker(
                                Tracker.fixed(GOLDEN.get("learningRate").getAsFloat()));
        switch (name) {
            case "adam" -> {}
            case "adam-globalclipnorm" -> builder.optGlobalClipNorm(0.7f);
            case "caadam-additive" -> builder.setScaling(ScalingStrategy.additive(0.95));
            case "caadam-multiplicative" -> builder.setScaling(ScalingStrategy.multiplicative(5));
            case "caadam-depth" -> builder.setScaling(ScalingStrategy.depth(1));
            default -> throw new IllegalArgumentException(name);
        }
        return builder.build();
    }

    /** Trains; adds the weights after each recorded step, and returns the loss of every step. */
    private static double[] train(String name, Execution execution, List<double[]> weights)
            throws NotAcceleratedException {
        int[] storedSteps = Golden.ints(GOLDEN.get("steps"));
        JsonObject data = GOLDEN.getAsJsonObject("data");
        double[] losses = new double[storedSteps[storedSteps.length - 1]];
        try (Model model = Model.newInstance("mlp", "PyTorch")) {
            model.setBlock(Networks.mlp(16, 4, 1));
            CaAdam optimizer = optimizer(name, model.getBlock());
            TrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError()).optOptimizer(optimizer);
            try (optimizer;
                    Trainer trainer = execution.newTrainer.apply(model, config)) {
                trainer.initialize(new Shape(BATCH_SIZE, 8));
                Golden.setWeights(model.getBlock(), data.getAsJsonArray("initial"));
                List<NDArray> features = batches(trainer, data.getAsJsonArray("features"), 8);
                List<NDArray> labels = batches(trainer, data.getAsJsonArray("labels"), 1);
                Stepper stepper = (x, y) -> step(trainer, x, y);
                CompiledEpoch epoch = null;
                if (execution == Execution.COMPILED) {
                    epoch =
                            CompiledEpoch.compile(
                                    model.getBlock(), trainer.getLoss(), optimizer, BATCH_SIZE);
                    CompiledEpoch compiled = epoch;
                    int[] order = IntStream.range(0, BATCH_SIZE).toArray();
                    stepper = (x, y) -> compiled.run(x, y, order);
                }
                for (int step = 1; step <= losses.length; step++) {
                    int batch = (step - 1) % features.size();
                    losses[step - 1] = stepper.step(features.get(batch), labels.get(batch));
                    if (storedSteps[weights.size()] == step) {
                        weights.add(Golden.weights(model.getBlock()));
                    }
                }
                if (epoch != null) {
                    epoch.close();
                }
                if (trainer instanceof FusedTrainer fused) {
                    assertThat(fused.fallbackReason()).isEmpty();
                }
            }
        }
        return losses;
    }

    private static double step(Trainer trainer, NDArray features, NDArray labels) {
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDArray loss =
                    trainer.getLoss()
                            .evaluate(new NDList(labels), trainer.forward(new NDList(features)));
            collector.backward(loss);
            trainer.step();
            return loss.getFloat();
        }
    }

    private static List<NDArray> batches(Trainer trainer, JsonArray values, int width) {
        List<NDArray> batches = new ArrayList<>();
        values.forEach(
                batch ->
                        batches.add(
                                trainer.getManager()
                                        .create(
                                                Golden.floats(batch),
                                                new Shape(BATCH_SIZE, width))));
        return batches;
    }
}
