// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatexTest {

    /** Everything that LaTeX would interpret, and what the suite prints beyond ASCII. */
    private static final String AWKWARD = "[8, 4] a_b&c 50% #1 $x$ {y} \\z ~ ^ <p> – ± γ";

    @TempDir private Path directory;

    @Test
    void whatLatexInterpretsIsEscaped() {
        assertThat(Latex.escape(AWKWARD))
                .isEqualTo(
                        "{[}8, 4{]} a\\_b\\&c 50\\% \\#1 \\$x\\$ \\{y\\} \\textbackslash{}z"
                                + " \\textasciitilde{} \\textasciicircum{} \\textless{}p\\textgreater{}"
                                + " -- $\\pm$ $\\gamma$");
    }

    /** With {@code pdflatex} and booktabs; Debian has them in texlive-latex-recommended. */
    @Test
    void allTablesCompileInAMinimalDocument() throws IOException, InterruptedException {
        assumeTrue(isOnPath("pdflatex"), "pdflatex is not installed");
        List<RunRow> rows = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            for (String optimizer : List.of("Adam", "AdamW", AWKWARD)) {
                rows.add(row("california-housing", "rmse", optimizer, run));
                rows.add(row("cifar10", "accuracy", optimizer, run));
            }
        }
        StudyRuns runs = StudyRuns.ofRows(rows);
        List<Path> files = new ArrayList<>(new TableWriter(runs).write(directory));
        for (PaperComparison comparison : PaperComparison.of(runs)) {
            files.addAll(comparison.write(directory));
        }
        String inputs =
                files.stream()
                        .map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".tex"))
                        .map(name -> "\\input{" + name + "}\n\\clearpage\n")
                        .collect(Collectors.joining());
        Files.writeString(
                directory.resolve("document.tex"),
                "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n"
                        + inputs
                        + "\\end{document}\n");

        File log = directory.resolve("output").toFile();
        Process process =
                new ProcessBuilder(
                                "pdflatex",
                                "-interaction=nonstopmode",
                                "-halt-on-error",
                                "document")
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log)
                        .start();

        assertThat(process.waitFor()).as(() -> read(log)).isZero();
        // Three tables for each metric, a comparison for each, and the training times.
        assertThat(read(log)).contains("Output written on document.pdf (9 pages");
    }

    private static String read(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static RunRow row(String dataset, String metric, String optimizer, int run) {
        return new RunRowBuilder()
                .on(dataset, dataset.equals("california-housing") ? "64-32" : "ResNet20")
                .by(optimizer, "none")
                .run(run)
                .result(metric, 0.5 + run / 100.0, 0)
                .took(1 + run, 2)
                .of(AWKWARD, "notebook", AWKWARD)
                .build();
    }
}
