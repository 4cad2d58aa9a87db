// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.statistics.NoTest;
import io.github.caadam.experiments.statistics.RankTest;
import io.github.caadam.experiments.statistics.Sample;
import java.util.Arrays;
import java.util.Optional;

/**
 * How soon a configuration reaches a target, and how soon the baseline.
 *
 * @param problem the problem
 * @param configuration the configuration
 * @param baseline the baseline
 * @param target the target
 * @param value the effort of each run that was made; infinite where it missed the target or was
 *     lost
 * @param baselineValue the same of the baseline
 * @param lostTooMany whether a side lost more than 10 % of its runs
 * @param test the test by ranks, in which a miss is worse than any other run
 * @param untested why there is no test; empty where there is one
 * @param holmP its p with Holm's correction over the configurations on the problem; NaN where there
 *     is no test, or more than 10 % were lost
 * @since 0.1.0
 */
public record TargetContrast(
        Problem problem,
        Configuration configuration,
        Configuration baseline,
        Target target,
        Sample value,
        Sample baselineValue,
        boolean lostTooMany,
        RankTest test,
        Optional<NoTest> untested,
        double holmP) {

    /** The p-value before correction. */
    double p() {
        return lostTooMany || untested.isPresent() ? Double.NaN : test.p();
    }

    /**
     * Returns what can be said.
     *
     * @return better where it is sooner; nothing is called equivalent
     */
    public Verdict verdict() {
        return lostTooMany ? Verdict.LOST : Verdict.of(test.probability() - 0.5, holmP, Double.NaN);
    }

    /**
     * Returns how many runs reached the target.
     *
     * @param side {@link #value} or {@link #baselineValue}
     * @return such as {@code 9 of 10}
     */
    public static String reached(Sample side) {
        long reached = Arrays.stream(side.values()).filter(Double::isFinite).count();
        return reached + " of " + side.n();
    }

    TargetContrast corrected(double p) {
        return new TargetContrast(
                problem,
                configuration,
                baseline,
                target,
                value,
                baselineValue,
                lostTooMany,
                test,
                untested,
                p);
    }
}
