// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.plugin.OptimizerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The runs in {@code results} have the ids and the factors that their studies give them today, and
 * the aliases that store format 1 gave them.
 */
class PublishedRunsTest {

    private static final Path RESULTS = Path.of("../results");

    // The digests that the runs' records name.
    private static final String CALIFORNIA =
            "ed4f14c10a77d14e0d7d92f0794297409d932ad1892724fa35a324598c430a57";
    private static final String CIFAR10 =
            "7859d8b42730906b87a366c608603cfcae0c66c0999a1eb0a7d25c6c5614deb9";

    @Test
    void runsWithControlsKeepTheirIds() throws IOException {
        List<RunSpec> specs = Suite.study("california-controls").runSpecs();

        assertThat(rows("california-controls"))
                .hasSize(3025)
                .extracting(RunRow::id)
                .containsExactlyInAnyOrderElementsOf(ids(specs, CALIFORNIA));
        assertThat(rows("california-controls"))
                .extracting(RunRow::alias)
                .containsExactlyInAnyOrderElementsOf(
                        specs.stream()
                                .map(spec -> spec.formerId(CALIFORNIA).orElseThrow())
                                .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"california-notebook", "california-paper", "california-controls"})
    void rowsOfPublishedRunsAreCalledAsTheirStudiesCallThem(String study) throws IOException {
        Map<String, String> labels = new HashMap<>();
        for (RunSpec spec : Suite.study(study).runSpecs()) {
            labels.put(
                    spec.id(CALIFORNIA),
                    spec.planned(new DataFacts(CALIFORNIA, Optional.empty())).label());
        }

        assertThat(rows(study))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(labels.get(row.id())).isEqualTo(label(row)));
    }

    private static String label(RunRow row) {
        return row.dataset()
                + " mlp:"
                + row.architecture()
                + " "
                + row.optimizer()
                + ":"
                + row.strategy()
                + " seed "
                + row.run();
    }

    @Test
    void runsOnImagesKeepTheirIds() throws IOException {
        Path store = RESULTS.resolve("images-fair-24");
        List<String> files;
        try (Stream<Path> paths = Files.list(store.resolve("runs"))) {
            files = paths.map(path -> path.getFileName().toString().replace(".json", "")).toList();
        }

        assertThat(files)
                .hasSize(15)
                .containsExactlyInAnyOrderElementsOf(
                        ids(
                                Suite.study(store.resolve("study.yaml").toString()).runSpecs(),
                                CIFAR10));
    }

    @Test
    void runsWithDrawnFactorsKeepTheirIdsAndFactors() throws IOException {
        List<RunRow> rows = rows("california-sensitivity");
        List<RunSpec> specs = decided(Suite.study("california-sensitivity"), rows).runSpecs();

        assertThat(rows)
                .extracting(RunRow::id)
                .containsExactlyInAnyOrderElementsOf(ids(specs, CALIFORNIA));
        Map<String, RunSpec> byId = new HashMap<>();
        specs.forEach(spec -> byId.put(spec.id(CALIFORNIA), spec));
        assertThat(rows)
                .filteredOn(row -> !row.factors().isEmpty())
                .hasSize(480)
                .allSatisfy(
                        row ->
                                assertThat(factors(byId.get(row.id())))
                                        .containsExactlyEntriesOf(row.factors()));
    }

    /** Gives a tuned study the learning rates that its rows have. */
    private static Study decided(Study study, List<RunRow> rows) {
        Map<TuningCase, Tuner.Candidate> chosen = new HashMap<>();
        for (TuningCase tuned : study.tuningCases()) {
            rows.stream()
                    .filter(row -> row.architecture().equals(tuned.model().label()))
                    .findFirst()
                    .ifPresent(
                            row -> chosen.putAll(StudyTest.at(row.learningRate(), List.of(tuned))));
        }
        return study.withChosen(chosen);
    }

    private static Map<String, Double> factors(RunSpec run) {
        Block block = Suite.block(run.model().reference(), 0);
        Shape sample = Suite.example(run.model()).sampleShape();
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(sample));
            return run.optimizer()
                    .factory(OptimizerFactory.class)
                    .drawnFactors(block, run.seed(), run.optimizer().options());
        }
    }

    private static List<RunRow> rows(String study) throws IOException {
        return RunsCsv.read(RESULTS.resolve(study).resolve("runs.csv"));
    }

    private static List<String> ids(List<RunSpec> specs, String digest) {
        return specs.stream().map(spec -> spec.id(digest)).toList();
    }
}
