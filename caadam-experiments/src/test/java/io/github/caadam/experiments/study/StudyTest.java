// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.execution.RunTask;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Scaling;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StudyTest {

    @TempDir private Path directory;

    static List<String> builtIn() {
        return StudyReader.builtIn();
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void builtInStudiesAreReadUnderTheirNames(String name) throws IOException {
        Study study = StudyReader.read(name);

        assertThat(study.name()).isEqualTo(name);
        assertThat(study.description()).isNotBlank();
        assertThat(study.runSpecs())
                .hasSize(
                        study.datasets().size()
                                * study.models().stream()
                                        .flatMapToInt(
                                                model ->
                                                        study.optimizers().stream()
                                                                .mapToInt(
                                                                        one ->
                                                                                study.runs(
                                                                                        model,
                                                                                        one)))
                                        .sum())
                .doesNotHaveDuplicates();
    }

    @Test
    void seedsAreOutermostSoThatHalfAStudyHasEveryConfiguration() throws IOException {
        Study study = StudyReader.read("california-notebook");
        int configurations = study.models().size() * study.optimizers().size();

        assertThat(study.runSpecs().subList(0, configurations))
                .extracting(RunSpec::seed)
                .containsOnly(0);
    }

    @Test
    void idsTellApartEverythingThatDeterminesAResult() throws IOException {
        Study study = StudyReader.read("california-notebook");
        Study paper = StudyReader.read("california-paper");

        assertThat(study.runSpecs()).extracting(spec -> spec.id("d")).doesNotHaveDuplicates();
        assertThat(study.runSpecs().get(0).id("d"))
                .isEqualTo(StudyReader.read("california-notebook").runSpecs().get(0).id("d"))
                .isNotEqualTo(study.runSpecs().get(0).id("e"))
                .isNotEqualTo(paper.runSpecs().get(0).id("d"))
                // Eager or compiled is a place, and no question.
                .isEqualTo(study.withExecution(Execution.EAGER).runSpecs().get(0).id("d"))
                .matches("[0-9a-f]{16}");
    }

    /**
     * From results/california-notebook/runs.csv: the ids, and those of format 1, which had them.
     */
    @ParameterizedTest
    @CsvSource({
        "mlp:64-32, adam, 0, ea01c820dc44f5cf, da25c7f0b3c9e632",
        "mlp:64-32, adamw, 0, 90d91ab50c3ea1ab, 4756074f2141b3b6",
        "mlp:64-32, caadam:multiplicative, 0, 49fd9808cb07a062, 6df55c454923775d",
        "mlp:1024-256-64-16, adamw, 29, af5353bc06429d05, 009213e105cb144a"
    })
    void idsOfRunsThatWereMadeStayWhatTheyAre(
            String model, String optimizer, int seed, String former, String id) throws IOException {
        String dataDigest = "ed4f14c10a77d14e0d7d92f0794297409d932ad1892724fa35a324598c430a57";
        List<RunSpec> specs =
                StudyReader.read("california-notebook").only(model + "," + optimizer).runSpecs();

        assertThat(specs.get(seed).formerId(dataDigest)).isEqualTo(former);
        assertThat(specs.get(seed).id(dataDigest)).isEqualTo(id);
    }

    @Test
    void runsOfTheFiguresAreAmongThoseOfTheNotebook() throws IOException {
        Set<String> notebook =
                StudyReader.read("california-notebook").runSpecs().stream()
                        .map(spec -> spec.id("d"))
                        .collect(Collectors.toSet());

        assertThat(StudyReader.read("figures").runSpecs())
                .hasSize(5 * 7 * 5)
                .allSatisfy(spec -> assertThat(notebook).contains(spec.id("d")));
    }

    @Test
    void whatIsDoneToFactorsIsPartOfTheIdAndReachesWorkers() throws IOException {
        List<RunSpec> specs =
                StudyReader.read("california-controls").only("caadam:depth").runSpecs();
        RunSpec averaged = specs.get(1);
        RunTask task = new RunTask("id", "study", averaged, "cpu");

        assertThat(averaged.configuration())
                .isEqualTo("california-housing mlp:64-32 CaAdam:depth averaged");
        assertThat(averaged.id("d")).isNotEqualTo(specs.get(0).id("d"));
        assertThat(RunTask.fromJson(task.toJson())).isEqualTo(task);
    }

    @Test
    void californiaControlsHaveFewerSeedsOnTheLargestNetwork() throws IOException {
        Study study = StudyReader.read("california-controls");

        assertThat(study.optimizers()).hasSize(55).doesNotHaveDuplicates();
        assertThat(study.runSpecs()).hasSize(55 * (5 * 10 + 5));
        assertThat(study.reductions())
                .isEqualTo("10 of 30 seeds; at most 5 seeds on mlp:1024-256-64-16");
        assertThat(study.withRuns(3).runSpecs()).hasSize(55 * 6 * 3);
        assertThat(study.withRuns(20).only("mlp:1024-256-64-16").runSpecs()).hasSize(55 * 5);
    }

    /** So that the comparison with the mean learning rate leaves no strategy out. */
    @ParameterizedTest
    @ValueSource(strings = {"california-controls", "images-controls", "images-fair"})
    void everyStrategyOfTheControlsHasItsAverage(String name) throws IOException {
        List<OptimizerSpec> optimizers = StudyReader.read(name).optimizers();

        assertThat(optimizers)
                .filteredOn(optimizer -> optimizer.scaling() != Scaling.NONE)
                .isNotEmpty()
                .allSatisfy(
                        optimizer ->
                                assertThat(optimizers)
                                        .contains(
                                                optimizer.withFactors(
                                                        FactorControl.parse("averaged"))));
    }

    /** On 64-32, multiplicative factors are 1, 5, 5, which have two other orders. */
    @Test
    void shufflesOfTheControlsDifferOnEveryNetworkThatHasThree() throws IOException {
        Study study = StudyReader.read("california-controls");
        for (ModelSpec model : study.models()) {
            Map<String, Set<List<Double>>> orders = new TreeMap<>();
            for (OptimizerSpec optimizer : study.optimizers()) {
                if (optimizer.factors().kind() == FactorControl.Kind.SHUFFLED) {
                    orders.computeIfAbsent(
                                    optimizer.scaling() + " " + optimizer.convention(),
                                    key -> new HashSet<>())
                            .add(factors(model, optimizer, 0));
                }
            }

            assertThat(orders).hasSize(4);
            orders.forEach(
                    (strategy, different) ->
                            assertThat(different)
                                    .as("%s on %s", strategy, model.name())
                                    .hasSize(
                                            model.name().equals("mlp:64-32")
                                                            && strategy.startsWith("MULT")
                                                    ? 2
                                                    : 3));
        }
    }

    private static List<Double> factors(ModelSpec model, OptimizerSpec optimizer, int seed) {
        Block block = model.newBlock(model.defaultInput(), model.defaultOutputs(), 0);
        ScalingStrategy strategy = optimizer.strategy(seed);
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(model.defaultInput()));
            NetworkStructure network = StructureInspector.inspect(block, optimizer.convention());
            return network.parameters().stream()
                    .map(parameter -> strategy.factor(parameter, network))
                    .toList();
        }
    }

    @Test
    void tunedStudiesTryEveryRateAndTestOnFreshSeeds() throws IOException {
        Study study = StudyReader.read("california-tuned");
        Study tuning = study.tuningStudy().orElseThrow();

        assertThat(study.runSpecs()).hasSize(13 * 5 * 30);
        assertThat(tuning.runSpecs()).hasSize(12 * 6 * 5 * 5).doesNotHaveDuplicates();
        assertThat(tuning.runSpecs()).extracting(RunSpec::seed).containsOnly(0, 1, 2, 3, 4);
        assertThat(study.runSpecs())
                .extracting(RunSpec::seed)
                .containsOnly(IntStream.range(5, 35).boxed().toArray(Integer[]::new));
        assertThat(tuning.optimizers()).noneMatch(OptimizerSpec::tuned);
        assertThat(tuning.tuningStudy()).isEmpty();
    }

    /** So that trials are the same runs as those of a study that sets the learning rate. */
    @Test
    void triedRatesAreOrdinaryRunsAndChosenOnesAreNamedAsSuch() throws IOException {
        Study study = StudyReader.read("california-tuned").only("mlp:64-32,adam tuned");
        Study tuning = study.tuningStudy().orElseThrow();
        RunSpec ordinary =
                StudyReader.read("california-paper").only("mlp:64-32,adam").runSpecs().get(0);
        TuningCase only = study.tuningCases().get(0);

        assertThat(study.isDecided()).isFalse();
        assertThat(tuning.runSpecs().get(1).id("d")).isEqualTo(ordinary.id("d"));
        Study decided = study.withLearningRates(Map.of(only, 0.005));
        assertThat(decided.isDecided()).isTrue();
        RunSpec run = decided.runSpecs().get(0);
        RunTask task = new RunTask("id", "study", run, "cpu");
        assertThat(RunTask.fromJson(task.toJson())).isEqualTo(task);
        assertThat(run.optimizer().learningRate()).isEqualTo(0.005);
        assertThat(run.configuration()).isEqualTo("california-housing mlp:64-32 Adam:none tuned");
        assertThat(run.id("d"))
                .isNotEqualTo(
                        study.withLearningRates(Map.of(only, 0.01)).runSpecs().get(0).id("d"));
    }

    @Test
    void sensitivityDrawsFactorsAroundTheRateThatWasChosenForAdam() throws IOException {
        Study study = StudyReader.read("california-sensitivity");
        TuningCase small = study.tuningCases().get(0);
        TuningCase large = study.tuningCases().get(1);

        assertThat(study.runSpecs()).hasSize(2 * (240 + 30)).doesNotHaveDuplicates();
        assertThat(study.tuningStudy().orElseThrow().runSpecs()).hasSize(2 * 6 * 5);
        assertThat(study.tuningCases())
                .extracting(one -> one.optimizer().fullName(study.protocol()))
                .containsExactly("adam tuned", "adam tuned");
        Study decided = study.withLearningRates(Map.of(small, 0.005, large, 0.002));
        assertThat(decided.isDecided()).isTrue();
        assertThat(decided.runSpecs().subList(0, 4))
                .extracting(run -> run.optimizer().learningRate())
                .containsExactly(0.005, 0.005, 0.002, 0.002);
        RunSpec drawn = decided.runSpecs().get(0);
        RunTask task = new RunTask("id", "study", drawn, "cpu");
        assertThat(RunTask.fromJson(task.toJson())).isEqualTo(task);
        assertThat(drawn.configuration())
                .isEqualTo("california-housing mlp:64-32 CaAdam:log-normal tuned-as=adam");
        // Plain tuned Adam is the same run as that of another study.
        assertThat(decided.runSpecs().get(1).id("d"))
                .isEqualTo(
                        StudyReader.read("california-tuned")
                                .only("mlp:64-32,adam tuned")
                                .withLearningRates(Map.of(small, 0.005))
                                .runSpecs()
                                .get(0)
                                .id("d"));
    }

    @Test
    void everyRunDrawsItsOwnFactors() throws IOException {
        Study study = StudyReader.read("california-sensitivity").only("caadam:log-normal");
        Set<Double> first = new HashSet<>();
        for (RunSpec run : study.only("mlp:64-32").runSpecs()) {
            first.add(factors(run.model(), run.optimizer(), run.seed()).get(0));
        }

        assertThat(first).hasSize(240);
        assertThat(study.tuningCases()).hasSize(2);
    }

    @Test
    void filtersOfTunedStudiesLeaveSeedsAsTheyAre() throws IOException {
        Study study = StudyReader.read("california-size");

        assertThat(study.runSpecs()).hasSize(3 * (10 * 30 + 10));
        assertThat(study.tuningStudy().orElseThrow().runSpecs()).hasSize(11 * 6 * 5);
        Study untuned = study.only("caadam:network-size");
        assertThat(untuned.tuningStudy()).isEmpty();
        assertThat(untuned.isDecided()).isTrue();
        assertThat(untuned.runSpecs().get(0).seed()).isEqualTo(5);
        assertThat(study.withRuns(2).tuningStudy().orElseThrow().runs()).isEqualTo(5);
    }

    @Test
    void imageControlsNameWhatIsReduced() throws IOException {
        Study study = StudyReader.read("images-controls");

        assertThat(study.optimizers()).hasSize(27).doesNotHaveDuplicates();
        assertThat(study.runSpecs()).hasSize(27 * 5);
        assertThat(study.reductions())
                .isEqualTo(
                        "1 of 3 data sets; 5 of 30 seeds; 1 of 3 shuffles; the first 5000 training"
                                + " rows only; at most 15 of 1000 epochs");
    }

    @Test
    void otherInitialWeightsMakeOtherRuns() throws IOException {
        Study study = StudyReader.read("california-notebook");
        Study other = study.withWeightsSeed(3);

        assertThat(other.protocol().name()).isEqualTo("notebook-weights-3");
        assertThat(other.runSpecs().get(0).id("d")).isNotEqualTo(study.runSpecs().get(0).id("d"));
        assertThatIllegalArgumentException().isThrownBy(() -> study.withWeightsSeed(0));
        Study drawn = StudyReader.read("california-paper");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> drawn.withWeightsSeed(1))
                .withMessageContaining("found 1 for the protocol paper");
    }

    @Test
    void filesSetOptionsAndNameTheirReductions() throws IOException {
        Study study =
                StudyReader.read(
                        write(
                                """
                                name: mine
                                dataset: friedman1
                                models: ["mlp:4"]
                                optimizers:
                                  - adam
                                  - {name: "caadam:depth", convention: paper, learning-rate: 0.01}
                                protocol: notebook
                                max-epochs: 5
                                execution: eager
                                runs: 4
                                """));

        assertThat(study.protocol().maxEpochs()).isEqualTo(5);
        assertThat(study.execution()).isEqualTo(Execution.EAGER);
        assertThat(StudyReader.read("california-notebook").execution())
                .isEqualTo(Execution.COMPILED);
        assertThat(study.optimizers().get(1).scaling()).isEqualTo(Scaling.DEPTH);
        assertThat(study.optimizers().get(1).convention()).isEqualTo(StructureConvention.PAPER);
        assertThat(study.optimizers().get(1).gamma()).isEqualTo(0.95);
        assertThat(study.optimizers().get(1).learningRate()).isEqualTo(0.01);
        assertThat(study.reductions()).isEqualTo("at most 5 of 1000 epochs");
    }

    @Test
    void severalDataSetsAndFewerRowsAreNamed() throws IOException {
        Study study = StudyReader.read("images-cpu");

        assertThat(study.runSpecs()).hasSize(2 * 4 * 5);
        assertThat(study.protocol().usedRows(50_000)).isEqualTo(5_000);
        assertThat(study.protocol().fittedRows(5_000)).isEqualTo(4_000);
        assertThat(study.only("cifar10").runSpecs()).hasSize(4 * 5);
        assertThat(study.reductions())
                .isEqualTo(
                        "2 of 3 data sets; 4 of 7 optimizers; 5 of 30 seeds; the first 5000"
                                + " training rows only; at most 15 of 1000 epochs");
    }

    @Test
    void filterKeepsWhatItNames() throws IOException {
        Study study = StudyReader.read("california-notebook");

        assertThat(study.only("mlp:64-32").runSpecs()).hasSize(7 * 30);
        assertThat(study.only("adam, caadam:depth").runSpecs()).hasSize(6 * 2 * 30);
        Study controls = StudyReader.read("california-controls");
        assertThat(controls.only("adam").optimizers()).hasSize(5);
        assertThat(controls.only("adam lr=0.005,caadam:depth averaged").optimizers())
                .extracting(optimizer -> optimizer.fullName(controls.protocol()))
                .containsExactly("adam lr=0.005", "caadam:depth averaged");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> controls.only("adam averaged"))
                .withMessageContaining("adam lr=0.0005, adam, adam lr=0.002");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> study.only("mlp:64-32,sgd"))
                .withMessageContaining("has no \"sgd\"")
                .withMessageContaining("adamw");
    }

    @Test
    void unknownNamesAndMissingFilesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StudyReader.read("nothing"))
                .withMessageContaining("quickstart, california-notebook, california-paper");
        assertThatIOException()
                .isThrownBy(() -> StudyReader.read("nothing.yaml"))
                .withMessageContaining("There is no file nothing.yaml");
    }

    private String write(String text) throws IOException {
        return Files.writeString(directory.resolve("study.yaml"), text).toString();
    }
}
