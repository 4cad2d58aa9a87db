// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.caadam.internal.StateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Reads what an optimizer saved. */
final class SavedArrays {

    private SavedArrays() {}

    static Map<String, NDArray> read(Path file, NDManager manager) throws IOException {
        return StateFile.read(file, manager, "a saved optimizer").arrays();
    }
}
