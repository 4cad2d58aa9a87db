// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

    /** The second of the colours for what the paper does not have. */
    private static final String FAN_IN = "#882255";

    @TempDir private Path directory;

    @Test
    void optimizerHasOneColourInAllFiguresAndRatesStayApart() throws IOException {
        FigureInput input =
                input(
                        TestRuns.run("Adam", "none", 0, 1.0, 0.9, 0.8),
                        TestRuns.run("Adam", "none", 1, 1.1, 0.9, 0.8),
                        TestRuns.runAt(0.01, "Adam", "none", 0, 0.5, 0.9, 0.4),
                        TestRuns.run("CaAdam", "fan-in", 0, 0.8, 0.9, 0.7),
                        TestRuns.run("CaAdam", "fan-in", 1, 0.7, 0.9, 0.7),
                        TestRuns.diverged("Nadam", "none", 0));

        Figures.Written written = Figures.write(input, directory);

        assertThat(written.notes()).isEmpty();
        assertThat(written.files())
                .hasSize(10)
                .last()
                .isEqualTo(directory.resolve("loss-curves.csv"));
        WrittenFigure loss = WrittenFigure.read(directory, "loss-california-housing-64-32");
        WrittenFigure effects =
                WrittenFigure.read(directory, "effects-california-housing-notebook-rmse");
        WrittenFigure rates =
                WrittenFigure.read(directory, "learning-rate-california-housing-64-32");
        assertThat(List.of(loss, effects, rates)).allMatch(figure -> figure.uses(FAN_IN));
        assertThat(loss.text())
                .contains("the first 1–2 of each")
                .contains("6 runs: 5 finished, 1 diverged");
        assertThat(effects.text()).contains("n = 1–2 runs").contains("runs lost: Nadam 1 of 1");
        assertThat(LossCurvesCsv.read(directory.resolve("loss-curves.csv"))).hasSize(5);
        assertThat(Files.readString(directory.resolve("loss-california-housing-64-32.csv")))
                .startsWith(
                        """
                        optimizer,strategy,run,epoch,loss
                        Adam,none,0,1,0.9
                        Adam,none,0,2,0.8
                        """);
        assertThat(
                        Files.readString(
                                directory.resolve("effects-california-housing-notebook-rmse.csv")))
                .startsWith("dataset,architecture,optimizer,strategy,g,low,high\n")
                .contains("\ncalifornia-housing,64-32,CaAdam,fan-in,");
        assertThat(
                        Files.readString(
                                directory.resolve("learning-rate-california-housing-64-32.csv")))
                .startsWith("series,Learning rate,RMSE on the test rows,±\nAdam,0.001,");
    }

    @Test
    void hostileNamesAreTextAndNamesOfFilesStayApart() throws IOException {
        String hostile = "<script>alert(1)</script> & \"σ ≤ 2²\" \ud83d\ude00";
        List<RunRow> rows = new ArrayList<>();
        for (String dataset : List.of("数据", "../данные", hostile)) {
            for (String optimizer : List.of("Adam", hostile)) {
                rows.addAll(
                        new RunRowBuilder()
                                .on(dataset, "8")
                                .by(optimizer, "none")
                                .runsWith(1, 2, 4));
            }
        }

        Figures.Written written =
                Figures.write(
                        new FigureInput(StudyRuns.ofRows(rows), List.of(), List.of()), directory);

        assertThat(written.files())
                .hasSize(9)
                .doesNotHaveDuplicates()
                .allMatch(file -> file.getParent().equals(directory));
        assertThat(
                        WrittenFigure.read(
                                        directory, "effects-script-alert-1-script-2-notebook-rmse")
                                .text())
                .contains("Effect against Adam on " + hostile)
                .contains("6 runs, all finished");
    }

    @Test
    void whatCannotBeDrawnIsNoted() throws IOException {
        FigureInput input = input(TestRuns.run("CaAdam", "depth", 0, 1.0, 0.9, 0.8));

        Figures.Written written = Figures.write(input, directory);

        assertThat(written.files()).hasSize(4);
        assertThat(written.notes())
                .containsExactly(
                        "No effect sizes for california-housing-notebook-rmse: that takes two runs"
                                + " of Adam and of another optimizer.");
    }

    @Test
    void ofManyOptimizersThoseOfThePaperAreShown() throws IOException {
        List<RunRecord> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            runs.add(TestRuns.run("Adam", "none", run, 1 + run, 0.9, 0.8));
            runs.add(TestRuns.run("CaAdam", "depth", run, 2 + run, 0.9, 0.8));
            for (int gamma = 1; gamma <= 16; gamma++) {
                runs.add(TestRuns.run("CaAdam", "depth gamma=" + gamma, run, 3 + run, 0.9, 0.8));
            }
        }

        Figures.write(input(runs.toArray(RunRecord[]::new)), directory);

        WrittenFigure loss = WrittenFigure.read(directory, "loss-california-housing-64-32");
        WrittenFigure effects =
                WrittenFigure.read(directory, "effects-california-housing-notebook-rmse");
        assertThat(List.of(loss, effects))
                .allMatch(figure -> figure.text().contains("not shown: 16 further optimizers"))
                .noneMatch(figure -> figure.uses(FAN_IN));
        assertThat(LossCurvesCsv.read(directory.resolve("loss-curves.csv"))).hasSize(4);
    }

    @Test
    void figuresAreTheSameToTheLastByte() throws IOException {
        FigureInput input = input(TestRuns.run("Adam", "none", 0, 1.0, 0.9, 0.8));

        List<Path> first = Figures.write(input, directory.resolve("first")).files();

        assertThat(first).isNotEmpty();
        List<Path> second = Figures.write(input, directory.resolve("second")).files();
        for (int i = 0; i < first.size(); i++) {
            assertThat(second.get(i)).hasSameBinaryContentAs(first.get(i));
        }
    }

    private FigureInput input(RunRecord... runs) throws IOException {
        RunStore store = new RunStore(directory.resolve("study"));
        for (RunRecord run : runs) {
            store.save(run);
        }
        store.plan("quickstart", "", 1, Stream.of(runs).map(RunRecord::planned).toList());
        assertThat(StudyRuns.read(directory.resolve("study")).records()).hasSize(runs.length);
        return FigureInput.read(directory.resolve("study"));
    }
}
