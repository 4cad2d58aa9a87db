// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.Effort;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRecordBuilder;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.HolmCorrection;
import io.github.caadam.experiments.statistics.NoTest;
import io.github.caadam.experiments.statistics.RankTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimeToTargetTest {

    private static final double NEVER = Double.POSITIVE_INFINITY;
    private static final int EPOCHS = 10;

    private final List<RunRecord> records = new ArrayList<>();
    private final List<RunRow> rows = new ArrayList<>();

    private String architecture = "64-32";
    private String place = "one";

    private RunRecordBuilder builder(String optimizer, int seed) {
        return new RunRecordBuilder()
                .on("data", architecture)
                .by(optimizer, "none")
                .run(seed)
                .seconds(20)
                .value(0.5)
                .at(place, "");
    }

    private void add(RunRecord run) {
        records.add(run);
        rows.add(run.toRow(run.planned(), "study", ""));
    }

    /** Runs of ten epochs whose validation loss falls below 1 in the given ones; 0 for never. */
    private void add(String optimizer, int... epochs) {
        for (int seed = 0; seed < epochs.length; seed++) {
            int reached = epochs[seed];
            List<EpochRecord> history =
                    IntStream.rangeClosed(1, EPOCHS)
                            .mapToObj(
                                    epoch ->
                                            new EpochRecord(
                                                    1, epoch == reached ? 1 : 1.5, 1e-3, null))
                            .toList();
            add(builder(optimizer, seed).history(EPOCHS - 1, history).build());
        }
    }

    private static CompareSettings settings(Map<String, List<Double>> targets, Effort... against) {
        return new CompareSettings(
                "Base", "", List.of(), null, targets, List.of(against), "", Map.of());
    }

    private TimeToTarget time(CompareSettings settings) {
        StudyRuns study = new StudyRuns(rows, records, List.of(), settings, Map.of(), Map.of());
        return new TimeToTarget(study, RunGroup.of(study).get(0));
    }

    private TimeToTarget time(Effort... against) {
        return time(settings(Map.of(Target.VALIDATION_LOSS, List.of(1.0)), against));
    }

    @Test
    void isTheFirstEpochWhoseValidationLossIsTheTargetOrLess() {
        add("Base", 3, 4, 0);
        add("A", 1, 2, 10);

        TargetContrast contrast = time(Effort.EPOCHS).contrasts().get(0);

        assertThat(contrast.value().values()).containsExactly(1, 2, 10);
        assertThat(contrast.baselineValue().values()).containsExactly(3, 4, NEVER);
        assertThat(TargetContrast.reached(contrast.baselineValue())).isEqualTo("2 of 3");
        assertThat(contrast.test())
                .isEqualTo(RankTest.of(contrast.value(), contrast.baselineValue(), true));
    }

    @Test
    void secondsAreTheShareOfTheEpochs() {
        add("Base", 5, 10);
        add("A", 1, 2);

        TargetContrast contrast = time(Effort.SECONDS).contrasts().get(0);

        assertThat(contrast.value().values()).containsExactly(2, 4);
        assertThat(contrast.baselineValue().values()).containsExactly(10, 20);
    }

    @Test
    void whatIsSoonerIsBetterAndMissesAreTheLatest() {
        add("Base", 6, 7, 8, 9, 10, 6, 7, 8);
        add("Soon", 1, 2, 3, 4, 5, 1, 2, 3);
        add("Never", 0, 0, 0, 0, 0, 0, 0, 0);
        add("Same", 6, 7, 8, 9, 10, 6, 7, 8);

        List<TargetContrast> contrasts = time(Effort.EPOCHS).contrasts();

        assertThat(contrasts.stream().map(TargetContrast::verdict).toList())
                .containsExactly(Verdict.BETTER, Verdict.WORSE, Verdict.UNDECIDED);
        assertThat(contrasts.stream().map(TargetContrast::holmP).toList())
                .isEqualTo(
                        HolmCorrection.adjust(
                                contrasts.stream().map(one -> one.test().p()).toList()));
        assertThat(contrasts.get(1).value().median()).isEqualTo(NEVER);
    }

    @Test
    void whereNoRunReachesItNothingIsSaid() {
        add("Base", 0, 0, 0);
        add("A", 0, 0, 0);

        assertThat(time(Effort.EPOCHS).contrasts().get(0).verdict()).isEqualTo(Verdict.UNTESTABLE);
    }

    @Test
    void lostRunsMissAndTooManyLeaveNoVerdict() {
        add("Base", 6, 7, 8, 9, 10, 6, 7, 8);
        add("A", 1, 2, 3, 4, 5, 1, 2);
        add(builder("A", 7).without(RunStatus.DIVERGED).build());

        TargetContrast contrast = time(Effort.EPOCHS).contrasts().get(0);

        assertThat(contrast.value().values()).containsExactly(1, 2, 3, 4, 5, 1, 2, NEVER);
        assertThat(contrast.verdict()).isEqualTo(Verdict.LOST);
    }

    @Test
    void secondsOfUnlikePlacesAreNotTested() {
        add("Base", 6, 7, 8, 9, 10);
        place = "another";
        add("A", 1, 2, 3, 4, 5);

        List<TargetContrast> both = time().contrasts();

        assertThat(both).hasSize(2);
        assertThat(both.get(0).verdict()).isEqualTo(Verdict.BETTER);
        assertThat(both.get(1).target().effort()).isEqualTo(Effort.SECONDS);
        assertThat(both.get(1).untested()).contains(NoTest.UNLIKE_PLACES);
        assertThat(both.get(1).verdict()).isEqualTo(Verdict.UNTESTABLE);
    }

    @Test
    void aTargetOfTheMetricIsReachedAtTheEndOrNotAtAll() {
        add("Base", 3, 4);
        add(
                builder("A", 0)
                        .value(0.25)
                        .history(0, List.of(new EpochRecord(1, 9, 1e-3, null)))
                        .build());

        List<TargetContrast> contrasts =
                time(settings(Map.of("rmse", List.of(0.3)), Effort.EPOCHS)).contrasts();

        assertThat(contrasts.get(0).value().values()).containsExactly(1);
        assertThat(contrasts.get(0).baselineValue().values()).containsExactly(NEVER, NEVER);
    }

    @Test
    void runsWithoutLossesByEpochHaveNoTimeToATargetOfTheValidationLoss() {
        add("Base", 3, 4);
        add("A", 3, 4);
        records.clear();

        assertThat(time(Effort.EPOCHS).contrasts()).isEmpty();
    }

    @Test
    void profilesAreOverTheRatioToTheSoonestMedian() {
        add("Base", 2, 2, 4);
        add("A", 4, 4, 4);
        architecture = "8";
        add("Base", 0, 0, 4);
        add("A", 3, 3, 3);

        List<Profile> profiles = time(Effort.EPOCHS).profiles();

        assertThat(profiles.stream().map(one -> one.configuration().optimizer()).toList())
                .containsExactly("Base", "A");
        assertThat(profiles.get(0).curve().excesses()).containsExactly(1, NEVER);
        assertThat(profiles.get(1).curve().excesses()).containsExactly(1, 2);
        assertThat(profiles.get(1).curve().share(1)).isCloseTo(0.5, within(0.0));
    }
}
