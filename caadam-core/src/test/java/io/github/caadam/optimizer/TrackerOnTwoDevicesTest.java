// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.ParameterTracker;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies of a parameter on two devices make one step, for which the tracker is asked once. */
class TrackerOnTwoDevicesTest {

    private static final int STEPS = 6;

    @Test
    void eachParameterIsAskedForOnceAStepWhateverTheDevices() {
        List<String> questions = new ArrayList<>();
        ParameterTracker tracker =
                (id, step) -> {
                    questions.add(id + " at " + step);
                    return 0.01f / step;
                };
        try (GradientReplay replay = new GradientReplay();
                CaAdam optimizer =
                        CaAdam.builder()
                                .setBlock(replay.block())
                                .setScaling(ScalingStrategy.none())
                                .optLearningRateTracker(tracker)
                                .build()) {
            List<NDArray> copies = new ArrayList<>();
            for (Parameter parameter : replay.block().getParameters().values()) {
                copies.add(parameter.getArray().duplicate());
            }
            for (int step = 0; step < STEPS; step++) {
                replay.step(optimizer, step, Device.gpu(0), Parameter::getArray);
                List<NDArray> second = new ArrayList<>(copies);
                replay.step(optimizer, step, Device.gpu(1), parameter -> second.remove(0));
            }

            assertThat(questions).hasSize(STEPS * copies.size()).doesNotHaveDuplicates();
            assertThat(copies.stream().map(NDArray::toFloatArray).toList())
                    .containsExactlyElementsOf(replay.weights());
        }
    }
}
