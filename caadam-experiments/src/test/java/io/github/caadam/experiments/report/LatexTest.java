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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class LatexTest {

    /** Everything that LaTeX would interpret, and what the suite prints beyond ASCII. */
    private static final String AWKWARD = "[8, 4] a_b&c 50% #1 $x$ {y} \\z ~ ^ <p> – ± γ";

    /** Names that would do something, or that no font has. */
    private static final List<String> HOSTILE =
            List.of(
                    "<script>alert(1)</script>",
                    "=cmd|' /C calc'!A0",
                    "\\input{/etc/passwd}",
                    "50% of $5 & a_b^2~{#}",
                    "σ ≤ 2² ½ µ größe Łódź ñ 数据 \ud83d\ude00",
                    "^^5cinput /etc/passwd",
                    "]\\\\[2cm]*");

    @TempDir private Path directory;

    @Test
    void whatLatexInterpretsIsEscaped() {
        assertThat(LatexText.escape(AWKWARD))
                .isEqualTo(
                        "{[}8, 4{]} a\\_b\\&c 50\\% \\#1 \\$x\\$ \\{y\\} \\textbackslash{}z"
                                + " \\textasciitilde{} \\textasciicircum{} \\textless{}p\\textgreater{}"
                                + " -- $\\pm$ $\\gamma$");
    }

    @Test
    void whatTheFontsLackIsSpeltOrNamed() {
        assertThat(LatexText.escape("σ ≤ 2² ½ größe 数 \ud83d\ude00\u0007"))
                .isEqualTo(
                        "$\\sigma$ $\\leq$ 2$^{2}$ {[}U+00BD{]} gr\\\"{o}\\ss{}e {[}U+6570{]}"
                                + " {[}U+1F600{]} ");
    }

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void onlyCommandsOfOursAreLeft(String name) {
        assertThat(LatexText.escape(name)).isPrintable();
        String rest =
                LatexText.escape(name)
                        .replaceAll("\\$(\\\\[a-zA-Z]+|\\^\\{\\d}|-)\\$", "")
                        .replaceAll(
                                "\\\\(textbackslash|textasciitilde|textasciicircum|textless"
                                        + "|textgreater|textbar|ss|L|[&%$#_{}]|[\"'~](?=\\{[a-zA-Z]))",
                                "");
        assertThat(rest).doesNotContain("\\", "$", "%", "&", "#", "_", "^", "~");
    }

    /** With {@code pdflatex} and booktabs; Debian has them in texlive-latex-recommended. */
    @Test
    void allTablesCompileInAMinimalDocument() throws IOException, InterruptedException {
        assumeTrue(isOnPath("pdflatex"), "pdflatex is not installed");
        List<RunRow> rows = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            for (String optimizer : names()) {
                rows.add(row("california-housing", "rmse", optimizer, run));
                rows.add(row("cifar10", "accuracy", optimizer, run));
            }
        }
        StudyRuns runs = StudyRuns.ofRows(rows);
        List<Path> files = new ArrayList<>(new TableWriter(runs).write(directory));
        for (PublishedComparison comparison :
                PublishedComparison.of(runs, PublishedComparison.numbers("paper").orElseThrow())) {
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
        // Four tables for each metric, a comparison for each, and the training times.
        assertThat(read(log)).contains("Output written on document.pdf (11 pages");
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("Adam", "AdamW", AWKWARD));
        names.addAll(HOSTILE);
        return names;
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
