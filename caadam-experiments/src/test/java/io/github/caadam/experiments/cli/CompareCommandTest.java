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

class CompareCommandTest {

    private static final String NOTEBOOK = "../results/california-notebook";

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();

    private String compare(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "compare";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int status =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(out, true))
                        .execute(all);
        assertThat(status).as(out.toString()).isZero();
        return out.toString();
    }

    @Test
    void saysWhatDiffersThenEveryCellThenHowManyAgree() {
        String text = compare("../results/other-processor", NOTEBOOK, "--margin", "0.002");

        assertThat(text)
                .containsSubsequence(
                        "Differs: cpu: Intel(R) Xeon(R) Processor and AMD EPYC",
                        "30 runs of both have one id, which asks the same with the same seed; 0 of"
                                + " them have the same value to the last digit.",
                        "64-32",
                        "equivalent",
                        "Of 1 cell that both have: 1 equivalent.");
    }

    @Test
    void aStudyBesideItselfIsTheSameToTheLastDigit() {
        assertThat(compare(NOTEBOOK, NOTEBOOK, "--margin", "0.005"))
                .contains("They were made in the same way and in the same place.")
                .contains(
                        "1260 runs of both have one id, which asks the same with the same seed;"
                                + " 1260 of them")
                .contains("Of 42 cells that both have: 42 equivalent.");
    }

    @Test
    void aTableOfMeansWillDo() throws IOException {
        Path tables = directory.resolve("tables");

        assertThat(
                        compare(
                                NOTEBOOK + "/runs.csv",
                                NOTEBOOK + "/tables/table1-rmse.csv",
                                "--margin",
                                "0.005",
                                "--out",
                                tables.toString()))
                .contains(
                        "Of how " + NOTEBOOK + "/tables/table1-rmse.csv was made nothing is known")
                .contains("Of 42 cells that both have: 42 equivalent.");

        assertThat(tables.resolve("compared-rmse.md"))
                .content()
                .contains("| california-housing | 64-32 | Adam | none | equivalent | 0.4648 ±")
                .endsWith("Of 42 cells that both have: 42 equivalent.\n");
        assertThat(Files.readAllLines(tables.resolve("compared-rmse.csv"))).hasSize(43);
        assertThat(tables.resolve("compared-rmse.tex")).exists();
    }

    @Test
    void withoutAMarginNothingIsCalledEquivalent() {
        assertThat(compare("../results/other-processor", NOTEBOOK))
                .contains("no margin, so that nothing is called equivalent")
                .contains("Of 1 cell that both have: 1 undecided.");
    }
}
