// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.RealData;
import io.github.caadam.experiments.report.PublishedComparison;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperComparisonTest {

    @TempDir private Path directory;

    @Test
    void theAuthorsRunsAgreeWithTheirTables() throws IOException {
        List<PublishedComparison> comparisons =
                compare(RealData.paper().resolve("authors-runs.csv"));

        assertThat(comparisons.get(0).summary())
                .containsExactly(
                        "Means: 42 of 42 agree by our 95 % interval; 42 of 42 are within 0.005.",
                        "Signs of the improvement over Adam: 36 of 36 agree.",
                        "Significances at 5 %: 36 of 36 agree by our Welch test and their pooled"
                                + " one.");
        assertThat(comparisons.get(1).summary())
                .containsExactly(
                        "Means: 21 of 21 agree by our 95 % interval; 21 of 21 are within 0.01.",
                        "Signs of the improvement over Adam: 18 of 18 agree.",
                        "Significances at 5 %: 18 of 18 agree by our Welch test and their pooled"
                                + " one.");
    }

    @Test
    void anExcerptSaysWhatIsNotCompared() throws IOException, URISyntaxException {
        Path excerpt = Path.of(getClass().getResource("/golden/authors-runs-excerpt.csv").toURI());
        PublishedComparison california = compare(excerpt).get(0);

        assertThat(california.toText())
                .containsPattern("64-32 +Adam +none +30 +0.4660 +0.4660 +-0.0000 .* yes")
                .containsPattern(
                        "multiplicative +30 .* \\+2.07\\*\\*\\* +\\+2.07\\*\\*\\* +yes +yes")
                .contains("Means: 3 of 3 agree")
                .contains("39 published configurations of the data set have no runs here.");
    }

    @Test
    void theFileHasEveryPublishedNumberBesideOurs() throws IOException, URISyntaxException {
        Path excerpt = Path.of(getClass().getResource("/golden/authors-runs-excerpt.csv").toURI());
        PublishedComparison images = compare(excerpt).get(1);

        List<Path> files = images.write(directory);

        assertThat(files).hasSize(3).allMatch(Files::isRegularFile);
        List<String> lines = Files.readAllLines(files.get(0));
        List<String> header = List.of(lines.get(0).split(","));
        List<String> additive = List.of(lines.get(2).split(","));
        assertThat(header.stream().filter(column -> column.endsWith("_paper"))).hasSize(12);
        assertThat(header.stream().filter(column -> column.endsWith("_difference"))).hasSize(12);
        assertThat(additive.get(header.indexOf("accuracy_paper"))).isEqualTo("0.821");
        assertThat(Double.parseDouble(additive.get(header.indexOf("epochs_difference")))).isZero();
        assertThat(additive.get(header.indexOf("epochs_agree"))).isEqualTo("yes");
        assertThat(additive.get(header.indexOf("time_improvement_percent_paper")))
                .isEqualTo("-4.51");
        assertThat(Files.readString(files.get(2))).contains("- Means: 2 of 2 agree");
    }

    private static List<PublishedComparison> compare(Path runs) throws IOException {
        return PublishedComparison.of(StudyRuns.read(runs), new PaperNumbers());
    }
}
