// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What is called how in the directory of a study.
 *
 * @since 0.1.0
 */
public final class StoreLayout {

    /** A line for every planned run. */
    public static final String LINES = "runs.csv";

    /** What the runs have in common, and where they were made. */
    public static final String PROVENANCE = "provenance.json";

    /** The directory of the runs. */
    public static final String RUNS = "runs";

    /** That of the failures. */
    public static final String FAILED = "failed";

    /** That of the tables. */
    public static final String TABLES = "tables";

    /** The learning rates that were tried, and those that were chosen. */
    public static final String CHOICE = "tuning.csv";

    /** The plan. */
    static final String PLAN = "plan.json";

    /** What the plan was called in the first format. */
    public static final String FIRST_PLAN = "study.json";

    static final String REPLICAS = "replicas";
    static final String CHECKPOINTS = "checkpoints";

    private static final String TUNING = "tuning";

    private StoreLayout() {}

    /**
     * Returns where the runs are that tried learning rates for a study.
     *
     * @param store the directory of the study
     * @return the one below it; it need not exist
     * @throws IOException if it is a link
     */
    public static Path tuning(Path store) throws IOException {
        return new Enclosure(store).child(TUNING);
    }

    /** Refuses links in the place of directories that commands write to. */
    static void requireEnclosed(Enclosure store) throws IOException {
        for (String each : new String[] {RUNS, FAILED, REPLICAS, CHECKPOINTS, TABLES, TUNING}) {
            store.child(each);
        }
    }
}
