// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.internal.StateFile;
import io.github.caadam.rule.Slot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Adafactor keeps, and a step of it by hand. */
class AdafactorTest {

    @TempDir private Path directory;

    @Test
    void ofAMatrixItKeepsARowAndAColumn() throws IOException {
        Path file = directory.resolve("adafactor.npz");
        try (NDManager manager = NDManager.newBaseManager();
                GradientReplay replay = new GradientReplay();
                Adafactor optimizer = Adafactor.builder().optBlock(replay.block()).build()) {
            replay.step(optimizer, 0, 2);
            optimizer.save(file);
            StateFile read = StateFile.read(file, manager, "a saved optimizer");
            Map<String, NDArray> saved = new LinkedHashMap<>(read.arrays());

            assertThat(saved.get("01Linear_weight/row_second_moment").getShape())
                    .isEqualTo(new Shape(4, 1));
            assertThat(saved.get("01Linear_weight/column_second_moment").getShape())
                    .isEqualTo(new Shape(1, 3));
            assertThat(saved.get("01Linear_bias/second_moment").getShape()).isEqualTo(new Shape(4));
            assertThat(saved.keySet())
                    .noneMatch(name -> name.equals("01Linear_bias/row_second_moment"));

            saved.put("01Linear_weight/row_second_moment", manager.zeros(new Shape(4, 3)));
            StateFile.write(file, saved, read.configuration());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> optimizer.load(file))
                    .withMessageContaining(
                            "row_second_moment (float32 (4, 3) there, float32 (4, 1)");
        }
    }

    /** In the first step, a new square counts wholly; 1/√1 is above the rate. */
    @Test
    void aStepByHand() {
        try (GradientReplay replay = new GradientReplay();
                Adafactor optimizer =
                        Adafactor.builder()
                                .optBlock(replay.block())
                                .optLearningRateTracker(Tracker.fixed(0.1f))
                                .optClipThreshold(0.5f)
                                .build()) {
            Parameter parameter = replay.block().getParameters().valueAt(2);
            NDArray weight = parameter.getArray();
            weight.set(new float[] {3, -3, 3, -3});
            NDArray gradient =
                    weight.getManager().create(new float[] {1, 2, 3, 4}, weight.getShape());
            optimizer.update(parameter.getId(), weight, gradient);

            // V is g², so that u is 1 everywhere, which is clipped to 0.5; the weights' size is 3.
            assertThat(weight.toFloatArray())
                    .containsExactly(new float[] {2.85f, -3.15f, 2.85f, -3.15f}, within(1e-6f));
        }
    }

    @Test
    void partsOfAShapeAreThoseOfItsLastTwoDimensions() {
        Slot slot = Slot.zeros("x");
        Shape shape = new Shape(2, 3, 4);
        assertThat(slot.shape(shape)).isEqualTo(shape);
        assertThat(slot.of(Slot.Part.ROWS).shape(shape)).isEqualTo(new Shape(2, 3, 1));
        assertThat(slot.of(Slot.Part.COLUMNS).shape(shape)).isEqualTo(new Shape(2, 1, 4));
        assertThat(slot.of(Slot.Part.COLUMNS).shape(new Shape(4))).isEqualTo(new Shape(4));
        assertThat(slot.of(Slot.Part.ROWS).shape(new Shape())).isEqualTo(new Shape());
        assertThat(shape).isEqualTo(new Shape(2, 3, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Slot.ofWeight("x").of(Slot.Part.ROWS))
                .withMessageContaining("cannot start as a copy of a part");
    }
}
