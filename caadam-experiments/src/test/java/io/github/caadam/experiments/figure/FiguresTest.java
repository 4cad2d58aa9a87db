package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

    /** The first of the colours for optimizers that the paper does not have. */
    private static final String FAN_IN = "#332288";

    @TempDir private Path directory;

    @Test
    void optimizerHasOneColourInAllFiguresAndAdamOneRateInMost() throws IOException {
        FigureInput input =
                input(
                        TestRuns.run("Adam", "none", 0, 1.0, 0.9, 0.8),
                        TestRuns.run("Adam", "none", 1, 1.1, 0.9, 0.8),
                        TestRuns.runAt(0.01, "Adam", "none", 0, 0.5, 0.9, 0.4),
                        TestRuns.run("CaAdam", "fan-in", 0, 0.8, 0.9, 0.7),
                        TestRuns.run("CaAdam", "fan-in", 1, 0.7, 0.9, 0.7),
                        TestRuns.diverged("CaAdam", "fan-in", 2));

        Figures.Written written = Figures.write(input, directory);

        assertThat(written.notes()).isEmpty();
        assertThat(written.files())
                .hasSize(7)
                .last()
                .isEqualTo(directory.resolve("loss-curves.csv"));
        WrittenFigure loss = WrittenFigure.read(directory, "loss-california-64-32");
        WrittenFigure effects = WrittenFigure.read(directory, "effects-california-notebook-rmse");
        WrittenFigure rates = WrittenFigure.read(directory, "learning-rate-california-64-32");
        assertThat(List.of(loss, effects, rates)).allMatch(figure -> figure.uses(FAN_IN));
        assertThat(loss.text()).contains("the first 2 of each").contains("left out: 1 diverged");
        assertThat(effects.text()).contains("n = 2 runs").contains("left out: 1 diverged");
        assertThat(LossCurvesCsv.read(directory.resolve("loss-curves.csv"))).hasSize(4);
    }

    @Test
    void whatCannotBeDrawnIsNoted() throws IOException {
        FigureInput input = input(TestRuns.run("CaAdam", "depth", 0, 1.0, 0.9, 0.8));

        Figures.Written written = Figures.write(input, directory);

        assertThat(written.files()).hasSize(3);
        assertThat(written.notes())
                .containsExactly(
                        "No effect sizes for california-notebook-rmse: that takes two runs of Adam"
                                + " and of another optimizer.");
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
        assertThat(StudyRuns.read(directory.resolve("study")).records()).hasSize(runs.length);
        return FigureInput.read(directory.resolve("study"));
    }
}
