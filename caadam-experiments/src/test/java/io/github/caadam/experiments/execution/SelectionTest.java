// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRecordBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.Tuner;
import io.github.caadam.experiments.study.TuningCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two networks, two optimizers, three learning rates, two runs of each. */
class SelectionTest {

    private static final String TEXT =
            """
            format: 1
            name: tuned
            data: [friedman1]
            models: ["mlp:4", "mlp:8"]
            optimizers:
              - {name: adam, tune: {learning-rate: [0.1, 0.001, 0.01]}}
              - {name: "caadam:depth", tune: {learning-rate: [0.1, 0.001, 0.01]}}
            tuning: {seeds: 2}
            protocol: {batch-size: 64, epochs: 3}
            seeds: 3
            """;

    private static final int ADAM = 0;
    private static final int DEPTH = 1;
    private static final int SMALL = 0;
    private static final int LARGE = 1;

    @TempDir private Path directory;

    private Study study;

    @BeforeEach
    void readStudy() throws IOException {
        study = Suite.study(Files.writeString(directory.resolve("tuned.yaml"), TEXT).toString());
    }

    private TuningCase about(int model, int row) {
        return new TuningCase(
                study.data().get(0),
                study.models().get(model),
                study.optimizers().get(row).tuner().orElseThrow());
    }

    private static Tuner.Candidate at(TuningCase about, double rate) {
        return about.tuner().candidates().stream()
                .filter(one -> one.options().get("learning-rate").equals(rate))
                .findFirst()
                .orElseThrow();
    }

    private final Map<RunSpec, RunRecord> made = new LinkedHashMap<>();
    private final Map<RunSpec, String> failed = new LinkedHashMap<>();

    /** Keeps runs of a learning rate with validation losses; NaN diverges. */
    private void tried(int model, int row, double rate, double... losses) {
        TuningCase about = about(model, row);
        List<RunSpec> specs =
                study.tuningStudy().orElseThrow().runSpecs().stream()
                        .filter(run -> run.model().equals(about.model().component()))
                        .filter(run -> run.optimizer().equals(at(about, rate).row().component()))
                        .toList();
        assertThat(specs).hasSameSizeAs(losses);
        for (RunSpec spec : specs) {
            made.put(spec, record(spec, losses[spec.seed()]));
        }
    }

    /** The best epoch is the second; the test metric says the contrary of the validation loss. */
    private static RunRecord record(RunSpec spec, double loss) {
        boolean finished = Double.isFinite(loss);
        RunRecordBuilder run =
                new RunRecordBuilder()
                        .run(spec.seed())
                        .value(-loss)
                        .history(
                                finished ? 1 : -1,
                                List.of(
                                        new EpochRecord(1, 9, 1, null),
                                        new EpochRecord(1, loss, 1, null),
                                        new EpochRecord(1, 9 - loss, 1, null)));
        return finished ? run.build() : run.without(RunStatus.DIVERGED).build();
    }

    private void allTried() {
        tried(SMALL, ADAM, 0.001, 0.5, 0.7);
        tried(SMALL, ADAM, 0.01, 0.3, 0.4);
        tried(SMALL, ADAM, 0.1, 0.1, Double.NaN);
        tried(SMALL, DEPTH, 0.001, 0.2, 0.2);
        tried(SMALL, DEPTH, 0.01, 0.2, 0.2);
        tried(SMALL, DEPTH, 0.1, 0.3, 0.3);
        tried(LARGE, ADAM, 0.001, 0.5, 0.5);
        tried(LARGE, ADAM, 0.01, 0.4, 0.4);
        tried(LARGE, ADAM, 0.1, 0.1, 0.2);
        tried(LARGE, DEPTH, 0.001, 0.9, 0.9);
        tried(LARGE, DEPTH, 0.01, 0.1, 0.9);
        tried(LARGE, DEPTH, 0.1, 0.6, 0.6);
    }

    @Test
    void eachCaseHasTheRateOfTheLowestMeanValidationLoss() throws IOException {
        allTried();

        Selection selection = Selection.of(study, made, failed);

        assertThat(selection.chosen())
                // 0.1 has the lowest loss of one run, but diverged in the other.
                .containsEntry(about(SMALL, ADAM), at(about(SMALL, ADAM), 0.01))
                // Of two equals the lower.
                .containsEntry(about(SMALL, DEPTH), at(about(SMALL, DEPTH), 0.001))
                .containsEntry(about(LARGE, ADAM), at(about(LARGE, ADAM), 0.1))
                // The mean of 0.1 and 0.9 is below 0.6.
                .containsEntry(about(LARGE, DEPTH), at(about(LARGE, DEPTH), 0.01))
                .hasSize(4);
        assertThat(study.withChosen(selection.chosen()).isDecided()).isTrue();
        assertThat(selection.trials().get(0).validationLoss()).isCloseTo(0.6, within(1e-12));
        // Sample standard deviation of 0.5 and 0.7.
        assertThat(selection.trials().get(0).deviation())
                .isCloseTo(0.2 / Math.sqrt(2), within(1e-12));
    }

    @Test
    void theWholeBudgetIsWritten() throws IOException {
        allTried();
        Path file = directory.resolve("tuning.csv");

        Selection selection = Selection.of(study, made, failed);
        selection.write(file);

        assertThat(Files.readAllLines(file))
                .hasSize(1 + 12)
                .startsWith(
                        "dataset,architecture,optimizer,strategy,options,n,diverged,failed,"
                                + "validation_loss,validation_loss_std,chosen")
                .contains("friedman1,4,Adam,none lr=0.1,learning-rate=0.1,2,1,0,Infinity,NaN,false")
                .contains("friedman1,8,CaAdam,depth lr=0.1,learning-rate=0.1,2,0,0,0.6,0.0,false")
                .filteredOn(line -> line.endsWith(",true"))
                .hasSize(4);
        assertThat(selection.toString())
                .contains("Chosen for tuned, by validation loss over 2 runs")
                .containsPattern("adam tuned on mlp:4, friedman1 +learning-rate=0.01\n")
                .containsPattern(
                        "adam tuned on mlp:8, friedman1 +learning-rate=0.1 \\(edge of the"
                                + " budget\\)\n");
    }

    /** Has a run of a candidate fail rather than finish. */
    private void fails(int model, int row, double rate, int seed, String reason) {
        TuningCase about = about(model, row);
        RunSpec run =
                made.keySet().stream()
                        .filter(spec -> spec.model().equals(about.model().component()))
                        .filter(spec -> spec.optimizer().equals(at(about, rate).row().component()))
                        .filter(spec -> spec.seed() == seed)
                        .findFirst()
                        .orElseThrow();
        made.remove(run);
        failed.put(run, reason);
    }

    @Test
    void aCandidateOfWhichARunFailedIsNotChosen() throws IOException {
        allTried();
        fails(LARGE, ADAM, 0.1, 1, "killed");
        Path file = directory.resolve("tuning.csv");

        Selection selection = Selection.of(study, made, failed);
        selection.write(file);

        assertThat(selection.chosen())
                .containsEntry(about(LARGE, ADAM), at(about(LARGE, ADAM), 0.01))
                .hasSize(4);
        assertThat(Files.readAllLines(file))
                .contains(
                        "friedman1,8,Adam,none lr=0.1,learning-rate=0.1,2,0,1,Infinity,NaN,false");
        // It could replace what was chosen.
        assertThat(selection.settled(failed.keySet())).isEqualTo(failed.keySet());
    }

    @Test
    void whereEachCandidateLostARunNothingIsChosenAndTheOthersGoOn() {
        allTried();
        tried(LARGE, DEPTH, 0.001, Double.NaN, 0.1);
        fails(LARGE, DEPTH, 0.01, 0, "it hangs");
        tried(LARGE, DEPTH, 0.1, Double.NaN, Double.NaN);

        Selection selection = Selection.of(study, made, failed);

        assertThat(selection.chosen()).hasSize(3).doesNotContainKey(about(LARGE, DEPTH));
        String reason =
                "nothing could be chosen for learning-rate, as each of the 3 values that were"
                        + " tried lost a run: of 6 runs 3 diverged and 1 failed, the first because"
                        + " it hangs";
        assertThat(selection.unchosen()).containsExactly(Map.entry(about(LARGE, DEPTH), reason));
        assertThat(selection.toString())
                .contains("caadam:depth tuned on mlp:8, friedman1  " + reason);
        assertThat(selection.settled(failed.keySet())).isEmpty();
        Study decided = study.withChosen(selection.chosen()).withoutChoice(selection.unchosen());
        assertThat(decided.isDecided()).isTrue();
        assertThat(decided.runSpecs())
                .hasSize(3 * 3)
                .noneMatch(
                        run ->
                                run.labels().optimizer().equals("CaAdam")
                                        && run.labels().model().equals("8"));
    }
}
