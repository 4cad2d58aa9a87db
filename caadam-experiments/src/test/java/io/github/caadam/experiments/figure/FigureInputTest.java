// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureInputTest {

    @TempDir private Path directory;

    @Test
    void studyHasLossesOfItsFinishedRuns() throws IOException {
        RunRecord run = TestRuns.run("Adam", "none", 0, 0.5, 2, 1);
        RunStore store = new RunStore(directory);
        store.save(run);
        store.save(TestRuns.diverged("Adam", "none", 1));

        FigureInput input = FigureInput.read(directory);

        assertThat(input.curves()).containsExactly(LossCurve.of(run));
        assertThat(input.study().rows()).hasSize(1);
        assertThat(input.missing()).isEmpty();
    }

    @Test
    void lossesOfOtherLearningRatesStayApart() throws IOException {
        RunStore store = new RunStore(directory);
        store.save(TestRuns.run("Adam", "none", 0, 0.5, 2, 1));
        store.save(TestRuns.runAt(0.0005, "Adam", "none", 0, 0.5, 3, 1));

        assertThat(FigureInput.read(directory).curves())
                .extracting(curve -> curve.configuration().label())
                .containsExactlyInAnyOrder("Adam", "Adam lr=5.0E-4");
    }

    @Test
    void folderWithBothFilesNeedsNoRunFiles() throws IOException {
        RunRecord run = TestRuns.run("Adam", "none", 0, 0.5, 2, 1);
        RunsCsv.write(directory.resolve("runs.csv"), List.of(run.toRow(run.planned(), "test", "")));
        LossCurvesCsv.write(directory.resolve(LossCurvesCsv.NAME), List.of(LossCurve.of(run)));

        assertThat(FigureInput.read(directory).curves()).containsExactly(LossCurve.of(run));
        assertThat(FigureInput.read(directory).missing()).isEmpty();
    }

    @Test
    void fileOfRunsHasNoLossesAndSaysSo() throws IOException {
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, List.of(TestRuns.row("Adam", "none", 0, 0.5)));

        for (Path source : List.of(file, directory)) {
            assertThat(FigureInput.read(source).curves()).isEmpty();
            assertThat(FigureInput.read(source).missing())
                    .singleElement()
                    .asString()
                    .startsWith("No loss curves: " + source + " has no losses by epoch; name the");
        }
    }

    @Test
    void lossesOfAnotherStudyAreRefused() throws IOException {
        RunsCsv.write(directory.resolve("runs.csv"), List.of(TestRuns.row("Adam", "none", 0, 0.5)));
        LossCurvesCsv.write(
                directory.resolve(LossCurvesCsv.NAME),
                List.of(LossCurve.of(TestRuns.run("CaAdam", "depth", 7, 0.5, 1))));

        assertThatIOException()
                .isThrownBy(() -> FigureInput.read(directory))
                .withMessageContaining("holds run 7 of CaAdam depth on 64-32")
                .withMessageContaining("they belong to different studies");
    }

    @Test
    void nothingToReadIsRefused() {
        assertThatIOException()
                .isThrownBy(() -> FigureInput.read(directory))
                .withMessageContaining("holds no runs; name a runs.csv or the directory");
        assertThatIOException()
                .isThrownBy(() -> FigureInput.read(directory.resolve("nothing")))
                .withMessageContaining("There is no file");
    }
}
