package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.caadam.Networks;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole training against the same one in Keras, made by scripts/golden/mlp_training.py. */
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

    @ParameterizedTest
    @CsvSource({
        "adam, float64", "caadam-additive, float64", "caadam-multiplicative, float64",
        "caadam-depth, float64", "adam, float32", "caadam-additive, float32",
        "caadam-multiplicative, float32", "caadam-depth, float32"
    })
    void trainsAsKerasDoes(String name, String precision) {
        JsonObject recorded =
                GOLDEN.getAsJsonObject("cases").getAsJsonObject(name).getAsJsonObject(precision);
        double[] expectedLosses = Golden.doubles(recorded.get("losses"));
        List<double[]> expectedWeights = Golden.stored(recorded, "weights");
        List<double[]> weights = new ArrayList<>();

        double[] losses = train(strategy(name), expectedLosses.length, weights);

        for (int i = 0; i < losses.length; i++) {
            assertThat(losses[i])
                    .as("loss of step %d", i + 1)
                    .isCloseTo(expectedLosses[i], within(TOLERANCE_OF_LOSSES * expectedLosses[i]));
        }
        assertThat(weights).hasSameSizeAs(expectedWeights).hasSize(4);
        for (int i = 0; i < weights.size(); i++) {
            double largest = 0;
            for (double weight : expectedWeights.get(i)) {
                largest = Math.max(largest, Math.abs(weight));
            }
            assertThat(weights.get(i))
                    .as("weights after step %s", GOLDEN.getAsJsonArray("steps").get(i))
                    .containsExactly(expectedWeights.get(i), within(TOLERANCE * largest));
        }
    }

    private static ScalingStrategy strategy(String name) {
        return switch (name) {
            case "caadam-additive" -> ScalingStrategy.additive(0.95);
            case "caadam-multiplicative" -> ScalingStrategy.multiplicative(5);
            case "caadam-depth" -> ScalingStrategy.depth(1);
            default -> ScalingStrategy.none();
        };
    }

    /** Trains; adds the weights after each recorded step, and returns the loss of every step. */
    private static double[] train(ScalingStrategy scaling, int steps, List<double[]> weights) {
        int[] storedSteps = Golden.ints(GOLDEN.get("steps"));
        JsonObject data = GOLDEN.getAsJsonObject("data");
        double[] losses = new double[steps];
        try (Model model = Model.newInstance("mlp", "PyTorch")) {
            model.setBlock(Networks.mlp(16, 4, 1));
            CaAdam optimizer =
                    CaAdam.builder()
                            .setBlock(model.getBlock())
                            .setScaling(scaling)
                            .optConvention(StructureConvention.REFERENCE)
                            .optEpsilon(1e-7f)
                            .optLearningRateTracker(
                                    Tracker.fixed(GOLDEN.get("learningRate").getAsFloat()))
                            .build();
            try (optimizer;
                    Trainer trainer =
                            model.newTrainer(
                                    new DefaultTrainingConfig(new MeanSquaredError())
                                            .optOptimizer(optimizer))) {
                trainer.initialize(new Shape(BATCH_SIZE, 8));
                Golden.setWeights(model.getBlock(), data.getAsJsonArray("initial"));
                List<NDArray> features = batches(trainer, data.getAsJsonArray("features"), 8);
                List<NDArray> labels = batches(trainer, data.getAsJsonArray("labels"), 1);
                for (int step = 1; step <= steps; step++) {
                    int batch = (step - 1) % features.size();
                    losses[step - 1] = step(trainer, features.get(batch), labels.get(batch));
                    if (storedSteps[weights.size()] == step) {
                        weights.add(Golden.weights(model.getBlock()));
                    }
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

    /**
     * Without the constant factor of DJL's L2Loss, whose gradient a garbage collection can change.
     */
    private static final class MeanSquaredError extends Loss {

        MeanSquaredError() {
            super("mean squared error");
        }

        @Override
        public NDArray evaluate(NDList labels, NDList predictions) {
            return labels.singletonOrThrow().sub(predictions.singletonOrThrow()).square().mean();
        }
    }
}
