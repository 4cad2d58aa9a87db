// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.caadam.experiments.dataset.DataDirectories;
import java.nio.file.Path;
import java.util.List;

/** Folders outside the project that some tests read; without them those tests are skipped. */
public final class RealData {

    private RealData() {}

    /** The folder of the real data sets, which CAADAM_DATA_DIR names. */
    public static Path directory() {
        return named("CAADAM_DATA_DIR");
    }

    /** The real data sets, as the suite looks for them. */
    public static DataDirectories directories() {
        return new DataDirectories(List.of(directory()), directory());
    }

    /** The folder of the paper's tables and of its authors' runs, which CAADAM_PAPER_DIR names. */
    public static Path paper() {
        return named("CAADAM_PAPER_DIR");
    }

    private static Path named(String variable) {
        String value = System.getenv(variable);
        assumeTrue(value != null && !value.isBlank(), variable + " is not set");
        return Path.of(value);
    }
}
