// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
        List<RunSpec> specs = StudyReader.read("california-controls").runSpecs();

        assertThat(rows("california-controls"))
                .hasSize(3025)
                .extracting(RunRow::id)
                .containsExactlyInAnyOrderElementsOf(ids(specs, CALIFORNIA));
        assertThat(rows("california-controls"))
                .extracting(RunRow::alias)
                .containsExactlyInAnyOrderElementsOf(
                        specs.stream().map(spec -> spec.formerId(CALIFORNIA)).toList());
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
                                StudyReader.read(store.resolve("study.yaml").toString()).runSpecs(),
                                CIFAR10));
    }

    @Test
    void runsWithDrawnFactorsKeepTheirIdsAndFactors() throws IOException {
        List<RunRow> rows = rows("california-sensitivity");
        List<RunSpec> specs = decided(StudyReader.read("california-sensitivity"), rows).runSpecs();

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
        Map<TuningCase, Double> rates = new HashMap<>();
        for (TuningCase tuned : study.tuningCases()) {
            rows.stream()
                    .filter(row -> row.architecture().equals(tuned.model().architecture()))
                    .findFirst()
                    .ifPresent(row -> rates.put(tuned, row.learningRate()));
        }
        return study.withLearningRates(rates);
    }

    private static Map<String, Double> factors(RunSpec run) {
        ModelSpec model = run.model();
        Block block = model.newBlock(model.defaultInput(), model.defaultOutputs(), 0);
        ScalingStrategy strategy = run.optimizer().strategy(run.seed());
        Map<String, Double> factors = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(model.defaultInput()));
            NetworkStructure network =
                    StructureInspector.inspect(block, run.optimizer().convention());
            network.parameters()
                    .forEach(one -> factors.put(one.path(), strategy.factor(one, network)));
        }
        return factors;
    }

    private static List<RunRow> rows(String study) throws IOException {
        return RunsCsv.read(RESULTS.resolve(study).resolve("runs.csv"));
    }

    private static List<String> ids(List<RunSpec> specs, String digest) {
        return specs.stream().map(spec -> spec.id(digest)).toList();
    }
}
