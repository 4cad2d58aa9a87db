// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is {@link Lamb}'s own beside golden values: its decay, and the network that this needs. */
class LambTest {

    private static final float RATE = 0.25f;

    @Test
    void aGradientOfZeroShortensWeightsByTheRateAndLeavesBiasesAlone() {
        try (GradientReplay replay = new GradientReplay();
                Lamb optimizer =
                        Lamb.builder()
                                .optBlock(replay.block())
                                .optLearningRateTracker(Tracker.fixed(RATE))
                                .build()) {
            List<float[]> before = replay.weights();
            for (Parameter parameter : replay.block().getParameters().values()) {
                NDArray weight = parameter.getArray();
                optimizer.update(parameter.getId(), weight, weight.zerosLike());
            }
            List<String> paths = replay.block().getParameters().keys();
            for (int i = 0; i < paths.size(); i++) {
                float[] after = replay.weights().get(i);
                boolean bias = paths.get(i).endsWith("_bias");
                for (int j = 0; j < after.length; j++) {
                    // The update is 0.01 of the weights, and as long as they are with the ratio.
                    double expected = before.get(i)[j] * (bias ? 1 : 1 - RATE);
                    assertThat((double) after[j])
                            .as(paths.get(i))
                            .isCloseTo(expected, within(bias ? 0 : 1e-6));
                }
            }
        }
    }

    @Test
    void decaysByAHundredthAndAsksForTheNetwork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lamb.builder().build())
                .withMessageContaining("optBlock(model.getBlock())");
        try (GradientReplay replay = new GradientReplay();
                Lamb optimizer = Lamb.builder().optBlock(replay.block()).build()) {
            assertThat(optimizer.describe())
                    .containsEntry("decoupledWeightDecay", 0.01)
                    .containsEntry("decayExclusions", "biases and norms");
        }
    }
}
