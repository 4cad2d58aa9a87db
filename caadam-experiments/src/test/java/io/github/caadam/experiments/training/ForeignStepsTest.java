// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.optimizer.Adamax;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForeignStepsTest {

    private static TrainingResult train(Component optimizer) {
        return new NetworkTraining(
                        Suite.friedman(),
                        Suite.model("mlp:8"),
                        optimizer,
                        Suite.withEpochs(Suite.PAPER, 3),
                        1,
                        Device.cpu(),
                        Execution.EAGER,
                        Measures.NONE)
                .run();
    }

    /** Gradients that add up would make it another method. */
    @Test
    void descentOfSomebodyWhoKnowsDjlOnlyIsThatOfDjlAndThatOfTheLibrary() {
        Map<String, Object> rate = Map.of("learning-rate", 0.05);
        TrainingResult theirs =
                train(
                        Suite.CATALOG.resolve(
                                Kind.OPTIMIZER,
                                Component.Source.CLASS,
                                Descent.class.getName(),
                                rate));
        TrainingResult djls =
                train(
                        Suite.CATALOG.resolve(
                                Kind.OPTIMIZER,
                                Component.Source.CLASS,
                                "ai.djl.training.optimizer.Sgd",
                                rate));
        TrainingResult ours = train(Suite.CATALOG.named(Kind.OPTIMIZER, "sgd", rate));

        for (int epoch = 0; epoch < 3; epoch++) {
            double loss = theirs.history().get(epoch).loss();
            assertThat(loss).isCloseTo(djls.history().get(epoch).loss(), within(1e-6));
            assertThat(loss).isCloseTo(ours.history().get(epoch).loss(), within(1e-6));
        }
    }

    @Test
    void gradientsThatAreNoNumbersAreZeroedToo() {
        Optimizer optimizer =
                ForeignSteps.around(
                        Descent.builder().setLearningRateTracker(Tracker.fixed(1)).build());
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = manager.create(new float[] {1, 2, 3});
            weight.setRequiresGradient(true);
            NDArray slopes = manager.create(new float[] {0.5f, Float.NaN, Float.POSITIVE_INFINITY});
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(weight.mul(slopes).sum());
            }

            optimizer.update("w", weight, weight.getGradient().duplicate());

            assertThat(weight.toFloatArray())
                    .containsExactly(0.5f, Float.NaN, Float.NEGATIVE_INFINITY);
            assertThat(weight.getGradient().toFloatArray()).containsExactly(0, 0, 0);
        }
    }

    @Test
    void optimizersThatZeroByThemselvesAreLeftAsTheyAre() {
        Optimizer djls = Optimizer.adam().build();
        try (Adamax ours = Adamax.builder().build()) {
            assertThat(ForeignSteps.around(djls)).isSameAs(djls);
            assertThat(ForeignSteps.around(ours)).isSameAs(ours);
        }
    }
}
