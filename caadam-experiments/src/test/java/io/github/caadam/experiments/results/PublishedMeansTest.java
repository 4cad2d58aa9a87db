// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedMeansTest {

    private static final String HEADER = "architecture,optimizer,strategy,n,rmse,rmse_std\n";

    @TempDir private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("means.csv"), text);
    }

    @Test
    void aMetricIsAColumnWithAStandardDeviationBesideIt() throws IOException {
        Path file =
                file(
                        """
                        dataset,architecture,optimizer,strategy,n,mae,mae_std,notes,rmse,rmse_std
                        houses,8,SGD,none,5,1.5,0.25,good,2.5,
                        """);

        assertThat(PublishedMeans.isSuch(file)).isTrue();
        assertThat(PublishedMeans.read(file).lines())
                .containsExactly(
                        new PublishedMeans.Line("houses", "8", "SGD", "none", "mae", 5, 1.5, 0.25),
                        new PublishedMeans.Line(
                                "houses", "8", "SGD", "none", "rmse", 5, 2.5, Double.NaN));
    }

    @Test
    void theTablesOfMeansAreSuch() throws IOException {
        PublishedMeans means =
                PublishedMeans.read(
                        Path.of("../results/california-notebook/tables/table1-rmse.csv"));

        assertThat(means.lines().stream().map(PublishedMeans.Line::metric).distinct())
                .containsExactly("rmse", "seconds", "epochs");
        assertThat(means.lines()).hasSize(3 * 42);
    }

    @Test
    void runsAreNoMeans() throws IOException {
        assertThat(PublishedMeans.isSuch(Path.of("../results/other-processor/runs.csv"))).isFalse();
    }

    @Test
    void whatIsMissingOrWrongIsNamedWithItsLine() throws IOException {
        Path without = file("architecture,optimizer,strategy,rmse,rmse_std\n8,SGD,none,1,1\n");
        assertThatIOException()
                .isThrownBy(() -> PublishedMeans.read(without))
                .withMessageContaining("has no column \"n\"; a file of means has");

        Path broken = file(HEADER + "8,SGD,none,5,1.5,wide\n");
        assertThatIOException()
                .isThrownBy(() -> PublishedMeans.read(broken))
                .withMessageEndingWith("line 2: rmse_std must be a number, found \"wide\".");

        Path negative = file(HEADER + "8,SGD,none,5,1.5,-1\n");
        assertThatIOException()
                .isThrownBy(() -> PublishedMeans.read(negative))
                .withMessageEndingWith(
                        "line 2: rmse_std must be finite and not negative, found \"-1\".");

        Path twice = file(HEADER + "8,SGD,none,5,1.5,1\n8,SGD,none,5,1.6,1\n");
        assertThatIOException()
                .isThrownBy(() -> PublishedMeans.read(twice))
                .withMessageContaining("line 3: an earlier line is of the same network");

        Path half = file(HEADER + "8,SGD,none,2.5,1.5,1\n");
        assertThatIOException()
                .isThrownBy(() -> PublishedMeans.read(half))
                .withMessageEndingWith(
                        "line 2: n must be a whole number of 1 or more, found \"2.5\".");

        Path none = file("architecture,optimizer,strategy,n,rmse\n8,SGD,none,5,1.5\n");
        assertThatIOException()
                .isThrownBy(() -> PublishedMeans.read(none))
                .withMessageContaining("has no means: a metric has a column of its name");
    }
}
