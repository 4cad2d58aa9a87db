// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class PerformanceProfileTest {

    private static final double NEVER = Double.POSITIVE_INFINITY;

    private static final List<double[]> SECONDS =
            List.of(new double[] {1, 4, 10, NEVER}, new double[] {2, 2, NEVER, NEVER});

    @Test
    void countsTheProblemsThatAreSolvedWithinAMultipleOfTheBest() {
        List<PerformanceProfile> profiles = PerformanceProfile.byRatio(SECONDS);

        assertThat(profiles.get(0).excesses()).containsExactly(1, 1, 2, NEVER);
        assertThat(profiles.get(0).share(1)).isEqualTo(0.5);
        assertThat(profiles.get(0).share(1.99)).isEqualTo(0.5);
        assertThat(profiles.get(0).share(2)).isEqualTo(0.75);
        assertThat(profiles.get(0).share(Double.MAX_VALUE)).isEqualTo(0.75);
        assertThat(profiles.get(1).share(1)).isEqualTo(0.25);
        assertThat(profiles.get(1).share(2)).isEqualTo(0.5);
    }

    @Test
    void distancesAreOfCostsOfAnySign() {
        List<PerformanceProfile> profiles =
                PerformanceProfile.byDistance(
                        List.of(new double[] {-1, 0.5}, new double[] {1, 0.25}));

        assertThat(profiles.get(0).excesses()).containsExactly(0, 0.25);
        assertThat(profiles.get(1).excesses()).containsExactly(0, 2);
        assertThat(profiles.get(1).share(0)).isEqualTo(0.5);
    }

    @Test
    void ratiosAreOfCostsAboveZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PerformanceProfile.byRatio(List.of(new double[] {1, 0})))
                .withMessage(
                        "Every solver needs a cost above 0.0 of each problem, found [1.0, 0.0].");
    }

    @Test
    void everySolverHasACostOfEachProblem() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                PerformanceProfile.byDistance(
                                        List.of(new double[] {1, 2}, new double[] {1})));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> PerformanceProfile.byDistance(List.of(new double[] {Double.NaN})));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PerformanceProfile.byDistance(List.of()));
    }
}
