// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.djl.Model;
import ai.djl.nn.Block;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.Adamax;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is null or out of range is refused where it is given, not where it is used. */
class NullArgumentsTest {

    @TempDir private Path directory;

    @Test
    void listenersRefuseNullInTheirSetters() {
        assertNull("earlyStopping", () -> ValidationListener.builder().optEarlyStopping(null));
        assertNull("plateauTracker", () -> ValidationListener.builder().optPlateauTracker(null));
        assertNull("directory", () -> CheckpointListener.builder().setDirectory(null));
        assertNull("optimizer", () -> CheckpointListener.builder().setOptimizer(null));
    }

    @Test
    void residualBlockRefusesNullAndSaysWhatStandsForNoShortcut() {
        Block main = Networks.mlp(1);
        assertNull("main", () -> new ResidualBlock(null, main));
        assertThatNullPointerException()
                .isThrownBy(() -> new ResidualBlock(main, null))
                .withMessageContaining("shortcut: for none")
                .withMessageContaining("Blocks.identityBlock()");
    }

    @Test
    void checkpointsRefuseNullAndNumbersOutOfRangeBeforeTheyTouchTheDisk() {
        Path parent = directory.resolve("checkpoints");
        try (Model model = Model.newInstance("test", "PyTorch");
                Adamax optimizer = Adamax.builder().build()) {
            assertNull("directory", () -> new Checkpoint(null, 1));
            assertNull("parent", () -> Checkpoint.latest(null));
            assertNull("parent", () -> Checkpoint.save(null, 1, model, optimizer, 1));
            assertNull("model", () -> Checkpoint.save(parent, 1, null, optimizer, 1));
            assertNull("optimizer", () -> Checkpoint.save(parent, 1, model, null, 1));
            assertNull("model", () -> new Checkpoint(parent, 1).loadModel(null));
            assertNull("optimizer", () -> new Checkpoint(parent, 1).loadOptimizer(null));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Checkpoint(parent, -1))
                    .withMessageContaining("epoch of a checkpoint must be 0 or more");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Checkpoint.save(parent, -1, model, optimizer, 1))
                    .withMessageContaining("epoch of a checkpoint must be 0 or more");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Checkpoint.save(parent, 1, model, optimizer, 0))
                    .withMessageContaining("number of checkpoints must be 1 or more");
        }
        assertThat(Files.exists(parent)).isFalse();
    }

    private static void assertNull(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(name);
    }
}
