// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresCommandTest {

    private static final String HEADER =
            "dataset,architecture,optimizer,strategy,run,metric,value,secondary,seconds,epochs\n";

    private static final String STUDY =
            """
            format: 1
            name: rates
            data: [friedman1]
            models: ["mlp:4"]
            optimizers: [adam, {name: adam, options: {learning-rate: 0.01}}, "caadam:depth"]
            protocol:
              name: paper
              batch-size: 64
              epochs: 2
              validation: {share: 0.2, take: last}
              early-stopping: {patience: 15, min-delta: 1e-5}
              schedule:
                name: plateau
                options: {patience: 6, factor: 0.25, min-learning-rate: 2.5e-5, min-delta: 1e-5}
            seeds: 2
            """;

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int caadam(Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(texts);
    }

    @Test
    void studyMakesAllFiguresAndItsFilesMakeTheSameLossCurvesAgain() throws IOException {
        Path study = Files.writeString(directory.resolve("rates.yaml"), STUDY);
        Path runs = directory.resolve("runs-of-study");
        Path figures = directory.resolve("figures");
        assertThat(caadam("run", "--in-process", study, "--out", runs)).isZero();

        assertThat(caadam("figures", runs, "--out", figures)).isZero();

        for (String name :
                new String[] {
                    "loss-friedman1-4", "effects-friedman1-paper-rmse", "learning-rate-friedman1-4"
                }) {
            assertThat(out.toString()).contains("figure: " + figures.resolve(name + ".png"));
            assertThat(figures.resolve(name + ".png")).isNotEmptyFile();
            assertThat(figures.resolve(name + ".svg")).isNotEmptyFile();
        }
        Path committed = Files.createDirectories(directory.resolve("results"));
        Files.copy(runs.resolve("runs.csv"), committed.resolve("runs.csv"));
        Files.copy(figures.resolve("loss-curves.csv"), committed.resolve("loss-curves.csv"));
        assertThat(caadam("figures", committed, "--out", committed)).isZero();
        assertThat(committed.resolve("loss-curves.csv"))
                .hasSameTextualContentAs(figures.resolve("loss-curves.csv"));
        assertThat(committed.resolve("loss-friedman1-4.png")).isNotEmptyFile();
    }

    @Test
    void fileOfRunsMakesWhatItCanAndSaysWhatItCannot() throws IOException {
        Path runs =
                Files.writeString(
                        directory.resolve("runs.csv"),
                        HEADER
                                + "california,64-32,Adam,none,0,rmse,1.0,,3,4\n"
                                + "california,64-32,Adam,none,1,rmse,1.1,,3,4\n"
                                + "california,64-32,CaAdam,depth,0,rmse,0.9,,3,4\n"
                                + "california,64-32,CaAdam,depth,1,rmse,0.7,,3,4\n");

        assertThat(caadam("figures", runs, "--out", directory)).isZero();

        assertThat(directory.resolve("effects-california-housing-rmse.png")).isNotEmptyFile();
        assertThat(directory.resolve("loss-curves.csv")).doesNotExist();
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("No loss curves: " + runs + " has no losses by epoch");
    }

    @Test
    void runsThatMakeNoFigureAreRefused() throws IOException {
        Path runs =
                Files.writeString(
                        directory.resolve("runs.csv"),
                        HEADER + "california,64-32,CaAdam,depth,0,rmse,1,,3,4\n");

        assertThat(caadam("figures", runs, "--out", directory.resolve("out")))
                .isEqualTo(Main.BAD_INPUT);

        assertThat(err.toString())
                .contains("No loss curves: ")
                .contains(
                        "No effect sizes for california-housing-rmse: that takes two runs of Adam")
                .doesNotContain("\tat ");
    }

    @Test
    void badInputIsOneClearSentenceAndExitCodeTwo() {
        assertThat(caadam("figures", directory, "--out", directory.resolve("out")))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains("holds no runs; name a runs.csv or the directory");
        assertThat(caadam("figures", directory.resolve("no.csv"), "--out", directory))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains("There is no file").doesNotContain("\tat ");
        assertThat(caadam("figures", "--out", directory)).isEqualTo(Main.BAD_INPUT);
        assertThat(directory.resolve("out")).doesNotExist();
    }
}
