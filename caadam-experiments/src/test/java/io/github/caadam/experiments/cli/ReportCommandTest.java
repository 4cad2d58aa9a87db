// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunsCsv;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int report(Path runs, Path file) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("report", runs.toString(), "--out", file.toString());
    }

    private Path runs() throws IOException {
        Path file = directory.resolve("runs.csv");
        RunRow run =
                new RunRowBuilder()
                        .on("friedman1", "4")
                        .took(1.5, 20)
                        .of("tiny", "paper", "")
                        .id("0123456789abcdef")
                        .build();
        RunsCsv.write(file, List.of(run));
        return file;
    }

    @Test
    void makesAPageOfAFileOfRuns() throws IOException {
        Path page = directory.resolve("new/report.html");

        assertThat(report(runs(), page)).isZero();

        assertThat(out.toString().strip()).isEqualTo("report of 1 run: " + page);
        assertThat(page).content().contains("There is nothing to compare");
    }

    @Test
    void namesWhatIsMissing() {
        Path missing = directory.resolve("missing.csv");

        assertThat(report(missing, directory.resolve("report.html"))).isEqualTo(Main.BAD_INPUT);

        assertThat(err.toString().strip()).isEqualTo("caadam: There is no file " + missing + ".");
    }

    @Test
    void saysWhatADirectoryLacks() {
        assertThat(report(directory, directory.resolve("report.html"))).isEqualTo(Main.BAD_INPUT);

        assertThat(err.toString()).contains("holds no runs; name a runs.csv or the directory");
    }

    @Test
    void asksForAFileWhereADirectoryIsInTheWay() throws IOException {
        assertThat(report(runs(), directory)).isEqualTo(Main.BAD_INPUT);

        assertThat(err.toString())
                .contains("is a directory; name a file in it, such as")
                .contains("report.html");
        assertThat(Files.isDirectory(directory)).isTrue();
    }
}
