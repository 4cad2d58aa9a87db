// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunsCsvTest {

    private static final String HEADER =
            "dataset,architecture,optimizer,strategy,run,metric,value,secondary,seconds,epochs";

    @TempDir private Path directory;

    @Test
    void whatIsWrittenIsReadBackInFull() throws IOException {
        RunRow row =
                new RunRowBuilder()
                        .by("CaAdam", "depth")
                        .run(7)
                        .result("rmse", 1.0 / 3, 0.1 + 0.2)
                        .took(1e-300, 12)
                        .learningRate(2e-3)
                        .stepsPerSecond(1.0 / 7)
                        .validationLoss(1.0 / 9)
                        .factors(Map.of("01Linear/weight", 1.0 / 3))
                        .of("a \"study\", quoted", "notebook", "5 of 30 seeds")
                        .id("0123456789abcdef")
                        .commit("commit")
                        .alias("fedcba9876543210")
                        .at("cpu AMD EPYC, engine PyTorch 2.7.1")
                        .build();
        Path file = directory.resolve("deep/runs.csv");

        RunsCsv.write(file, List.of(row));

        assertThat(RunsCsv.read(file)).containsExactly(row);
        assertThat(directory.resolve("deep")).isDirectoryNotContaining("glob:**.part");
    }

    /** Spreadsheets write one. */
    @Test
    void aByteOrderMarkIsNoPartOfTheFirstColumn() throws IOException {
        String line = "\ngr\u00f6\u00dfe,64-32,Adam,none,0,rmse,1,,3,4\n";

        assertThat(RunsCsv.read(write("\uFEFF" + HEADER + line)).get(0).dataset())
                .isEqualTo("gr\u00f6\u00dfe");
    }

    @Test
    void namesThatASpreadsheetWouldRunAreTextAndComeBack() throws IOException {
        RunRow row =
                new RunRowBuilder().on("=1+1", "-1").by("@SUM(A1)", "+x").of("=s", "", "").build();
        Path file = directory.resolve("runs.csv");

        RunsCsv.write(file, List.of(row));

        assertThat(file).content().contains("'=1+1,'-1,'@SUM(A1),'+x,").contains(",'=s,");
        assertThat(RunsCsv.read(file)).containsExactly(row);
    }

    @ParameterizedTest
    @CsvSource({"NaN, 1", "Infinity, 1", "1, -Infinity"})
    void runsWithAMetricThatIsNotFiniteAreInvalid(String value, String secondary)
            throws IOException {
        RunRow row =
                RunsCsv.read(
                                write(
                                        HEADER
                                                + "\nx,8,Adam,none,0,rmse,"
                                                + value
                                                + ","
                                                + secondary
                                                + ",3,4\n"))
                        .get(0);

        assertThat(row.status()).isEqualTo(RunStatus.INVALID);
        assertThat(row.isFinished()).isFalse();
    }

    @Test
    void timesThatAreNotFiniteAreRefused() throws IOException {
        Path file = write(HEADER + "\nx,8,Adam,none,0,rmse,1,1,Infinity,4\n");

        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("line 2: the seconds are not finite");
    }

    @Test
    void textThatCannotBePrintedIsRefused() throws IOException {
        Path file = write(HEADER + "\nx,8,Ad\u0007am,none,0,rmse,1,1,3,4\n");

        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("The optimizer has characters that cannot be printed");
    }

    @Test
    void fileOfTheAuthorsHasNoFurtherColumns() throws IOException {
        RunRow row =
                RunsCsv.read(write(HEADER + "\ncalifornia,64-32,Adam,none,0,rmse,1,,3,4\n")).get(0);

        assertThat(row.secondary()).isNaN();
        assertThat(row.learningRate()).isNaN();
        assertThat(row.stepsPerSecond()).isNaN();
        assertThat(row.validationLoss()).isNaN();
        assertThat(row.factors()).isEmpty();
        assertThat(row.study()).isEmpty();
        assertThat(row.epochs()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dataset,run | has no column \"architecture\"",
                "'' | has no column",
            })
    void missingColumnsAreNamed(String text, String reason) throws IOException {
        Path file = write(text);

        assertThatIOException().isThrownBy(() -> RunsCsv.read(file)).withMessageContaining(reason);
    }

    @Test
    void lineAndColumnOfABadNumberAreNamed() throws IOException {
        Path file = write(HEADER + "\ncalifornia,64-32,Adam,none,0,rmse,abc,1,3,4\n");

        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("line 2: the value is not a number: \"abc\"");
        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(write(HEADER + "\n")))
                .withMessageContaining("holds no runs");
        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(directory.resolve("nothing.csv")))
                .withMessageContaining("There is no file");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("runs.csv"), text);
    }

    @Test
    void lineThatIsThereTwiceCountsOnce() throws IOException {
        RunRow row = new RunRowBuilder().id("0123456789abcdef").build();
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, List.of(row, row, new RunRowBuilder().build()));

        assertThat(RunsCsv.read(file)).containsExactly(row, new RunRowBuilder().build());
    }

    /** The authors' file has no ids, and may be concatenated, too. */
    @Test
    void lineWithoutAnIdThatIsThereTwiceCountsOnce() throws IOException {
        String line = "\ncalifornia,64-32,Adam,none,0,rmse,1,,3,4";

        assertThat(RunsCsv.read(write(HEADER + line + line + "\n"))).hasSize(1);
    }

    /** The study figures is a part of california-notebook. */
    @Test
    void runOfTwoStudiesCountsOnceAndHasOneResult() throws IOException {
        RunRowBuilder run = new RunRowBuilder().id("0123456789abcdef");
        RunRow whole = run.of("whole", "notebook", "").build();
        Path file = directory.resolve("runs.csv");
        RunRow part = run.of("part", "notebook", "").took(9, whole.epochs()).build();
        RunsCsv.write(file, List.of(whole, part));
        assertThat(RunsCsv.read(file)).containsExactly(whole);

        RunsCsv.write(file, List.of(whole, run.result("rmse", 0.6, 0.4).build()));
        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("the same run of two studies");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2.9,rmse,1,,3,4", "-1,rmse,1,,3,4", "NaN,rmse,1,,3,4", "0,rmse,1,,3,4e9"})
    void seedsAndEpochsThatAreNoWholeNumbersAreRefused(String rest) throws IOException {
        Path file = write(HEADER + "\nx,8,Adam,none," + rest + "\n");

        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("line 2: the ")
                .withMessageContaining("must be a whole number of 0 or more");
    }

    @Test
    void fileThatIsNotUtf8IsNamed() throws IOException {
        Path file = directory.resolve("runs.csv");
        String text = HEADER + "\ngr\u00f6\u00dfe,8,Adam,none,0,rmse,1,1,3,4\n";
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));

        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessage(file + " is not text in UTF-8; save it as such.");
    }

    @Test
    void linesOfOneRunThatDifferAreRefused() throws IOException {
        RunRowBuilder run = new RunRowBuilder().id("0123456789abcdef");
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, List.of(run.build(), run.result("rmse", 0.5, 0.4).took(2, 2).build()));

        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("lines 2 and 3: the id 0123456789abcdef")
                .withMessageContaining("rmse 0.5 after 2 epochs in 1.0 s, and rmse 0.5 after 2")
                .withMessageContaining("with \"caadam collect\"");
    }

    /** Each shard's file says of the other's runs that they are missing. */
    @Test
    void filesOfShardsThatWereConcatenatedAreOne() throws IOException {
        RunRowBuilder first = new RunRowBuilder().id("0123456789abcdef");
        RunRowBuilder second = new RunRowBuilder().run(1).id("fedcba9876543210");
        RunRowBuilder third = new RunRowBuilder().run(2).id("00000000deadbeef");
        RunRow made = first.build();
        RunRow other = second.build();
        RunRow failed = third.lost(RunStatus.FAILED).build();
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(
                file,
                List.of(
                        made,
                        second.lost(RunStatus.FAILED).build(),
                        third.lost(RunStatus.MISSING).build(),
                        first.lost(RunStatus.MISSING).build(),
                        other,
                        failed));

        assertThat(RunsCsv.read(file)).containsExactly(made, other, failed);
    }

    @Test
    void lineWithoutAResultYieldsUnderItsLabelOnly() throws IOException {
        RunRowBuilder run = new RunRowBuilder().id("0123456789abcdef");
        RunRow made = run.build();
        RunRow missing = run.by("Adam", "none tuned").lost(RunStatus.MISSING).build();
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, List.of(missing, made));

        assertThat(RunsCsv.read(file)).containsExactly(missing, made);
    }

    @Test
    void aRunThatDivergedYieldsToNoOtherResult() throws IOException {
        RunRowBuilder run = new RunRowBuilder().id("0123456789abcdef");
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, List.of(run.build(), run.lost(RunStatus.DIVERGED).build()));

        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("rmse 0.5 after 2 epochs in 1.0 s, and diverged after 2");
    }

    /** Adam whose tuned learning rate is the one that Adam has anyway. */
    @Test
    void runUnderTwoLabelsIsLegalIfItsResultIsOne() throws IOException {
        RunRowBuilder run = new RunRowBuilder().id("0123456789abcdef");
        RunRow adam = run.build();
        RunRow tuned = run.by("Adam", "none tuned").took(3, 2).build();
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, List.of(adam, tuned));
        assertThat(RunsCsv.read(file)).containsExactly(adam, tuned);

        RunsCsv.write(file, List.of(adam, run.result("rmse", 0.6, 0.4).build()));
        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("under two labels");
    }

    @Test
    void idsThatAreNoneAreRefused() throws IOException {
        Path file = directory.resolve("runs.csv");
        RunsCsv.write(file, List.of(new RunRowBuilder().id("../../x").build()));

        assertThatIOException()
                .isThrownBy(() -> RunsCsv.read(file))
                .withMessageContaining("16 digits");
    }
}
