// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.djl.nn.Block;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.Adamax;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is null or out of range is refused where it is given, not where it is used. */
class NullArgumentsTest {

    @TempDir private Path directory;

    @Test
    void listenerRefusesNullInItsSetters() {
        assertNull("earlyStopping", () -> EpochListener.builder().optEarlyStopping(null));
        assertNull("plateauTracker", () -> EpochListener.builder().optPlateauTracker(null));
        assertNull("optimizer", () -> EpochListener.builder().optCheckpoints(directory, null));
        assertNull("name", () -> EpochListener.builder().optResumable(null, new RandomState()));
        assertNull("resumable", () -> EpochListener.builder().optResumable("a", null));
        try (Adamax optimizer = Adamax.builder().build()) {
            assertNull("directory", () -> EpochListener.builder().optCheckpoints(null, optimizer));
        }
    }

    @Test
    void monitorsAndTheirUsersRefuseNull() {
        assertNull("name", () -> Monitor.minimum(null));
        assertNull("value", () -> Monitor.maximum("a", null));
        assertNull("monitor", () -> EarlyStopping.builder().optMonitor(null));
        assertNull("monitor", () -> PlateauTracker.builder().optMonitor(null));
        assertNull("timeLimit", () -> EarlyStopping.builder().optTimeLimit(null));
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
        Map<String, Resumable> parts = Map.of("random.npz", new RandomState());
        assertNull("directory", () -> new Checkpoint(null, 1));
        assertNull("parent", () -> Checkpoint.latest(null));
        assertNull("parent", () -> Checkpoint.save(null, 1, parts, 1));
        assertNull("parts", () -> Checkpoint.save(parent, 1, null, 1));
        assertNull("parts", () -> new Checkpoint(parent, 1).load(null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Checkpoint(parent, -1))
                .withMessageContaining("epoch of a checkpoint must be 0 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checkpoint.save(parent, -1, parts, 1))
                .withMessageContaining("epoch of a checkpoint must be 0 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Checkpoint.save(parent, 1, parts, 0))
                .withMessageContaining("number of checkpoints must be 1 or more");
        assertThat(Files.exists(parent)).isFalse();
    }

    private static void assertNull(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(name);
    }
}
