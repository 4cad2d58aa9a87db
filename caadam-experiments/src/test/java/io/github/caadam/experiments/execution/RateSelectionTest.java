// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRecordBuilder;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.Tuning;
import io.github.caadam.experiments.study.TuningCase;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two networks, two optimizers, three learning rates, two runs of each. */
class RateSelectionTest {

    private static final OptimizerSpec ADAM =
            OptimizerSpec.parse("adam", Protocol.PAPER).tunedTo(1e-3);
    private static final OptimizerSpec DEPTH =
            OptimizerSpec.parse("caadam:depth", Protocol.PAPER).tunedTo(1e-3);
    private static final ModelSpec SMALL = ModelSpec.parse("mlp:4");
    private static final ModelSpec LARGE = ModelSpec.parse("mlp:8");

    private static final Study STUDY =
            new Study(
                    "tuned",
                    "",
                    List.of("friedman1"),
                    List.of(SMALL, LARGE),
                    List.of(ADAM, DEPTH),
                    Protocol.PAPER,
                    3,
                    Map.of(),
                    Map.of(),
                    Optional.of(new Tuning(List.of(0.1, 0.001, 0.01), 2)),
                    Map.of(),
                    "",
                    Execution.COMPILED);

    @TempDir private Path directory;

    private final Map<RunSpec, RunRecord> made = new LinkedHashMap<>();

    /** Keeps runs of a learning rate with validation losses; NaN diverges. */
    private void tried(ModelSpec model, OptimizerSpec optimizer, double rate, double... losses) {
        List<RunSpec> specs =
                STUDY.tuningStudy().orElseThrow().runSpecs().stream()
                        .filter(run -> run.model().equals(model))
                        .filter(run -> run.optimizer().equals(optimizer.trying(rate)))
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
                                        new EpochRecord(1, 9, 1),
                                        new EpochRecord(1, loss, 1),
                                        new EpochRecord(1, 9 - loss, 1)));
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

        RateSelection selection = RateSelection.of(STUDY, made);

        assertThat(selection.learningRates())
                // 0.1 has the lowest loss of one run, but diverged in the other.
                .containsEntry(new TuningCase("friedman1", SMALL, ADAM), 0.01)
                // Of two equals the lower.
                .containsEntry(new TuningCase("friedman1", SMALL, DEPTH), 0.001)
                .containsEntry(new TuningCase("friedman1", LARGE, ADAM), 0.1)
                // The mean of 0.1 and 0.9 is below 0.6.
                .containsEntry(new TuningCase("friedman1", LARGE, DEPTH), 0.01)
                .hasSize(4);
        assertThat(STUDY.withLearningRates(selection.learningRates()).isDecided()).isTrue();
        assertThat(selection.trials().get(0).validationLoss()).isCloseTo(0.6, within(1e-12));
        // Sample standard deviation of 0.5 and 0.7.
        assertThat(selection.trials().get(0).deviation())
                .isCloseTo(0.2 / Math.sqrt(2), within(1e-12));
    }

    @Test
    void theWholeBudgetIsWritten() throws IOException {
        allTried();
        Path file = directory.resolve("tuning.csv");

        RateSelection selection = RateSelection.of(STUDY, made);
        selection.write(file);

        assertThat(Files.readAllLines(file))
                .hasSize(1 + 12)
                .startsWith(
                        "dataset,architecture,optimizer,strategy,learning_rate,n,diverged,"
                                + "validation_loss,validation_loss_std,chosen")
                .contains("friedman1,4,Adam,none tuned,0.1,2,1,Infinity,NaN,false")
                .contains("friedman1,8,CaAdam,depth tuned,0.1,2,0,0.6,0.0,false")
                .filteredOn(line -> line.endsWith(",true"))
                .hasSize(4);
        assertThat(selection.toString())
                .contains(
                        "Learning rates of tuned, of [0.001, 0.01, 0.1], by validation loss over 2")
                .containsPattern("adam tuned on mlp:4, friedman1 +0.01\n")
                .containsPattern("adam tuned on mlp:8, friedman1 +0.1 \\(edge of the budget\\)\n");
    }

    @Test
    void anOptimizerThatAlwaysDivergesIsNamed() {
        allTried();
        for (double rate : new double[] {0.001, 0.01, 0.1}) {
            tried(LARGE, DEPTH, rate, Double.NaN, 0.1);
        }

        assertThatIOException()
                .isThrownBy(() -> RateSelection.of(STUDY, made))
                .withMessage(
                        "caadam:depth tuned on mlp:8, friedman1 diverges at every learning rate that"
                                + " is tried; give the study lower ones.");
    }
}
