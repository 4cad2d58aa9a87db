// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossCurvesCsvTest {

    private static final String HEADER =
            "dataset,architecture,optimizer,strategy,run,epoch,loss,validation_loss\n";

    @TempDir private Path directory;

    @Test
    void whatIsWrittenIsReadBackToTheLastBit() throws IOException {
        List<LossCurve> curves =
                List.of(
                        LossCurve.of(TestRuns.run("Adam", "none", 0, 1, 1.0 / 3, 0.1 + 0.2)),
                        LossCurve.of(TestRuns.run("CaAdam", "depth", 4, 1, Double.MIN_VALUE)));
        Path file = directory.resolve(LossCurvesCsv.NAME);

        LossCurvesCsv.write(file, curves);

        assertThat(LossCurvesCsv.read(file)).isEqualTo(curves);
        Path marked =
                Files.writeString(directory.resolve("marked"), "\uFEFF" + Files.readString(file));
        assertThat(LossCurvesCsv.read(marked)).isEqualTo(curves);
        assertThat(file)
                .content()
                .startsWith(HEADER + "california-housing,64-32,Adam,none,0,1,0.3333333333333333,")
                .contains("california-housing,64-32,Adam,none,0,2,0.30000000000000004,");
    }

    @Test
    void namesThatASpreadsheetWouldRunComeBack() throws IOException {
        LossCurve curve =
                new LossCurve(
                        new Problem("=1+1", "-1"),
                        new Configuration("@SUM(A1)", "+none"),
                        0,
                        List.of(new LossCurve.Epoch(1, 2)));
        Path file = directory.resolve(LossCurvesCsv.NAME);

        LossCurvesCsv.write(file, List.of(curve));

        assertThat(file).content().contains("'=1+1,'-1,'@SUM(A1),'+none,0,1,");
        assertThat(LossCurvesCsv.read(file)).containsExactly(curve);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b,Adam,none,0,1,NaN,1 | line 2: A loss must be a finite number, found NaN.",
                "a,b,Adam,none,0,1,x,1 | line 2: For input string: \"x\"",
                "a,b,Adam,none,0,2,1,1 | line 2: epoch 1 should follow, found 2.",
                "a,b,Adam,none,zero,1,1,1 | line 2: For input string: \"zero\"",
                "a,b,Adam | line 2: "
            })
    void badLineIsNamed(String line, String reason) throws IOException {
        Path file = Files.writeString(directory.resolve("losses.csv"), HEADER + line + "\n");

        assertThatIOException()
                .isThrownBy(() -> LossCurvesCsv.read(file))
                .withMessageContaining("losses.csv, " + reason);
    }

    @Test
    void missingColumnIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("losses.csv"), "dataset,loss\n");

        assertThatIOException()
                .isThrownBy(() -> LossCurvesCsv.read(file))
                .withMessageContaining("has no column \"architecture\"");
    }
}
