// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.figure.Figure;
import io.github.caadam.experiments.figure.WrittenFigure;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.EffectSize;
import io.github.caadam.experiments.statistics.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperFiguresTest {

    private static final double[] ADAM = {1.0, 1.1, 1.2};
    private static final double[] TUNED = {0.9, 0.95, 1.0};
    private static final double[] BETTER = {0.8, 0.9, 1.0};

    @TempDir private Path directory;

    @Test
    void fairFigureComparesWithTheTunedAdam() throws IOException {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "Adam", "none", ADAM);
        add(rows, "Adam", "none tuned", TUNED);
        add(rows, "CaAdam", "depth tuned", BETTER);
        EffectSize expected = EffectSize.hedges(Sample.of(BETTER), Sample.of(TUNED), true);

        List<Figure> figures = figures(rows);
        figures.get(0).write(directory);

        assertThat(figures).hasSize(1);
        assertThat(figures.get(0).chart().getSeries("CaAdam depth tuned").getXData())
                .containsExactly(expected.g());
        assertThat(
                        WrittenFigure.read(
                                        directory, "effects-fair-california-housing-notebook-rmse")
                                .text())
                .contains("Effect against Adam at a fair learning rate on california")
                .contains("Adam's own best one");
    }

    @Test
    void withoutAScalingStrategyThereIsNoFairFigure() {
        List<RunRow> rows = new ArrayList<>();
        add(rows, "Adam", "none", ADAM);
        add(rows, "Adam", "none tuned", TUNED);
        add(rows, "SGD", "none tuned", BETTER);

        assertThat(figures(rows)).isEmpty();
    }

    private static List<Figure> figures(List<RunRow> rows) {
        return new PaperFigures().of(RunGroup.of(StudyRuns.ofRows(rows)).get(0));
    }

    private static void add(
            List<RunRow> rows, String optimizer, String strategy, double... values) {
        rows.addAll(new RunRowBuilder().by(optimizer, strategy).runsWith(values));
    }
}
