// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.PlannedRun;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How long the missing runs of a study will take, from the times of the finished ones: each missing
 * run takes the mean of its configuration, or of all where that has none yet.
 */
public final class Projection {

    private final Map<String, double[]> secondsAndCount = new HashMap<>();

    /** Creates a projection that knows nothing yet. */
    public Projection() {}

    /**
     * Takes a finished run.
     *
     * @param configuration its configuration
     * @param seconds its training time
     */
    public void add(String configuration, double seconds) {
        double[] sum = secondsAndCount.computeIfAbsent(configuration, key -> new double[2]);
        sum[0] += seconds;
        sum[1]++;
    }

    /**
     * Projects the wall time of missing runs.
     *
     * @param missing the runs
     * @param workers how many are made at a time
     * @return the time, or null if no run is finished yet
     */
    public Duration remaining(Collection<PlannedRun> missing, int workers) {
        OptionalDouble mean =
                secondsAndCount.values().stream().mapToDouble(sum -> sum[0] / sum[1]).average();
        if (mean.isEmpty()) {
            return null;
        }
        double seconds = 0;
        for (PlannedRun run : missing) {
            double[] sum = secondsAndCount.get(run.configuration());
            seconds += sum == null ? mean.getAsDouble() : sum[0] / sum[1];
        }
        return Duration.ofSeconds(Math.round(seconds / workers));
    }
}
