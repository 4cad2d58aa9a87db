// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.results.WeightDraw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How often something is said that is not so, in studies of which the truth is known. At most one
 * family in twenty may have a false verdict. The build simulates few studies of each kind; {@code
 * -Dcaadam.simulations=1000} more, and prints the shares that docs/statistics.md has.
 */
class FalseVerdictsTest {

    private static final int STUDIES = Integer.getInteger("caadam.simulations", 20);
    private static final double LEVEL = 0.05;

    /** Beyond which a share does not come by chance from one of 5 %, in standard errors. */
    private static final double CHANCE = 3;

    private static final int CONFIGURATIONS = 4;
    private static final int PROBLEMS = 4;
    private static final int DRAWS = 4;

    private static final Set<Verdict> DIFFERENT =
            EnumSet.of(Verdict.BETTER, Verdict.BETTER_WITHIN, Verdict.WORSE, Verdict.WORSE_WITHIN);
    private static final Set<Verdict> WITHIN =
            EnumSet.of(Verdict.EQUIVALENT, Verdict.BETTER_WITHIN, Verdict.WORSE_WITHIN);

    /** What the runs are like. */
    private enum Kind {
        NORMAL,
        UNEQUAL_VARIANCES,
        TIES,
        LOST_AT_RANDOM,
        WORST_LOST;

        double deviation(int configuration, int problem) {
            return this == UNEQUAL_VARIANCES
                    ? new double[] {1, 3, 1, 0.3, 2}[configuration] * Math.pow(2, problem)
                    : 1;
        }

        double rounded(double value) {
            return this == TIES ? Math.rint(2 * value) / 2 : value;
        }

        /** The baseline loses none. */
        boolean loses(int configuration, double standardized, RandomGenerator random) {
            return configuration > 0
                    && (this == LOST_AT_RANDOM
                            ? random.nextDouble() < 0.04
                            : this == WORST_LOST && standardized > 1.75);
        }
    }

    static Stream<Arguments> kinds() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(5, 10, 30).map(n -> Arguments.of(kind, n)));
    }

    /** The families that were judged, and those with a false verdict. */
    private static final class Tally {

        private int families;
        private int wrong;

        void add(Family family, Set<Verdict> untrue) {
            families++;
            if (family.contrasts().stream().anyMatch(one -> untrue.contains(one.verdict()))) {
                wrong++;
            }
        }

        void requireAtMostTheLevel(String what) {
            if (Integer.getInteger("caadam.simulations") != null) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.1f %% of %d |%n",
                        what,
                        100.0 * wrong / families,
                        families);
            }
            assertThat(wrong)
                    .as("%s: families with a false verdict, of %d", what, families)
                    .isLessThanOrEqualTo(
                            (int)
                                    (LEVEL * families
                                            + CHANCE * Math.sqrt(LEVEL * (1 - LEVEL) * families)));
        }
    }

    private static String name(Kind kind, int n) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " | " + n;
    }

    private static String protocol(int draw) {
        return "protocol-" + draw;
    }

    /**
     * A study whose true gains are as given, by problem and draw, for all configurations but the
     * baseline.
     */
    private static StudyRuns study(
            Kind kind, int n, double[][] gains, double margin, RandomGenerator random) {
        List<RunRow> rows = new ArrayList<>();
        Map<String, WeightDraw> draws = new HashMap<>();
        for (int problem = 0; problem < gains.length; problem++) {
            for (int draw = 0; draw < gains[problem].length; draw++) {
                draws.put(protocol(draw), new WeightDraw("", draw));
                for (int configuration = 0; configuration <= CONFIGURATIONS; configuration++) {
                    double mean = configuration == 0 ? 0 : -gains[problem][draw];
                    for (int run = 0; run < n; run++) {
                        double standardized = random.nextGaussian();
                        double value = mean + kind.deviation(configuration, problem) * standardized;
                        RunRowBuilder row =
                                new RunRowBuilder()
                                        .on("data", "net-" + problem)
                                        .by(
                                                configuration == 0 ? "Base" : "" + configuration,
                                                "none")
                                        .of("study", protocol(draw), "")
                                        .run(run)
                                        .result("rmse", kind.rounded(value), 0);
                        rows.add(
                                (kind.loses(configuration, standardized, random)
                                                ? row.lost(RunStatus.DIVERGED)
                                                : row)
                                        .build());
                    }
                }
            }
        }
        CompareSettings settings =
                new CompareSettings(
                        "Base", "", List.of(), margin, Map.of(), List.of(), "", Map.of());
        return new StudyRuns(rows, List.of(), List.of(), settings, draws, Map.of());
    }

    private static double[][] gains(int problems, int draws, double gain) {
        double[][] gains = new double[problems][draws];
        for (double[] row : gains) {
            Arrays.fill(row, gain);
        }
        return gains;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatDoesNotDifferIsSeldomCalledDifferent(Kind kind, int n) {
        RandomGenerator random = new MersenneTwister(1);
        Tally byProblem = new Tally();
        Tally pooled = new Tally();
        for (int i = 0; i < STUDIES; i++) {
            Inference inference =
                    Inference.of(study(kind, n, gains(PROBLEMS, 1, 0), 1, random)).get(0);
            inference.problems().forEach(family -> byProblem.add(family, DIFFERENT));
            pooled.add(inference.pooled().orElseThrow(), DIFFERENT);
        }

        byProblem.requireAtMostTheLevel("better or worse | " + name(kind, n));
        pooled.requireAtMostTheLevel("better or worse, pooled | " + name(kind, n));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatDiffersByTheMarginIsSeldomCalledEquivalent(Kind kind, int n) {
        RandomGenerator random = new MersenneTwister(2);
        double margin = 4 * Math.sqrt(2.0 / n);
        Tally byProblem = new Tally();
        Tally pooled = new Tally();
        for (int i = 0; i < STUDIES; i++) {
            Inference inference =
                    Inference.of(study(kind, n, gains(PROBLEMS, 1, margin), margin, random)).get(0);
            inference.problems().forEach(family -> byProblem.add(family, WITHIN));
            pooled.add(inference.pooled().orElseThrow(), WITHIN);
        }

        byProblem.requireAtMostTheLevel("within the margin | " + name(kind, n));
        pooled.requireAtMostTheLevel("within the margin, pooled | " + name(kind, n));
    }

    /** True gains that differ by problem, by draw of the weights, or both, around 0. */
    @ParameterizedTest
    @MethodSource("kinds")
    void whatDiffersOnSomeOnlyIsSeldomCalledDifferentOverAll(Kind kind, int n) {
        RandomGenerator random = new MersenneTwister(3);
        Tally overProblems = new Tally();
        Tally overDraws = new Tally();
        for (int i = 0; i < STUDIES; i++) {
            double[][] problems = gains(PROBLEMS, 1, 0);
            for (double[] problem : problems) {
                problem[0] = random.nextGaussian();
            }
            double[][] draws = gains(1, DRAWS, 0);
            for (int draw = 0; draw < DRAWS; draw++) {
                draws[0][draw] = random.nextGaussian();
            }
            overProblems.add(
                    Inference.of(study(kind, n, problems, 1, random)).get(0).pooled().orElseThrow(),
                    DIFFERENT);
            List<Inference> byDraw = Inference.of(study(kind, n, draws, 1, random));
            overDraws.add(byDraw.get(DRAWS).problems().get(0), DIFFERENT);
        }

        overProblems.requireAtMostTheLevel("gains by problem, pooled | " + name(kind, n));
        overDraws.requireAtMostTheLevel("gains by draw, over draws | " + name(kind, n));
    }
}
