// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.experiments.execution.RunTask;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
    void builtInStudiesAreReadUnderTheirNames(String name) {
        Study study = Suite.study(name);

        assertThat(study.name()).isEqualTo(name);
        assertThat(study.description()).isNotBlank();
        assertThat(study.runSpecs())
                .hasSize(
                        study.data().size()
                                * study.models().stream()
                                        .flatMapToInt(
                                                model ->
                                                        study.optimizers().stream()
                                                                .mapToInt(
                                                                        one ->
                                                                                study.seeds(
                                                                                        model,
                                                                                        one)))
                                        .sum())
                .doesNotHaveDuplicates();
    }

    @Test
    void seedsAreOutermostSoThatHalfAStudyHasEveryConfiguration() {
        Study study = Suite.study("california-notebook");
        int configurations = study.models().size() * study.optimizers().size();

        assertThat(study.runSpecs().subList(0, configurations))
                .extracting(RunSpec::seed)
                .containsOnly(0);
    }

    @Test
    void idsTellApartEverythingThatDeterminesAResult() {
        Study study = Suite.study("california-notebook");
        Study paper = Suite.study("california-paper");

        assertThat(study.runSpecs()).extracting(spec -> spec.id("d")).doesNotHaveDuplicates();
        assertThat(study.runSpecs().get(0).id("d"))
                .isEqualTo(Suite.study("california-notebook").runSpecs().get(0).id("d"))
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
            String model, String optimizer, int seed, String former, String id) {
        String dataDigest = "ed4f14c10a77d14e0d7d92f0794297409d932ad1892724fa35a324598c430a57";
        List<RunSpec> specs =
                Suite.study("california-notebook").only(model + "," + optimizer).runSpecs();

        assertThat(specs.get(seed).formerId(dataDigest)).contains(former);
        assertThat(specs.get(seed).id(dataDigest)).isEqualTo(id);
    }

    @Test
    void runsOfTheFiguresAreAmongThoseOfTheNotebook() {
        Set<String> notebook =
                Suite.study("california-notebook").runSpecs().stream()
                        .map(spec -> spec.id("d"))
                        .collect(Collectors.toSet());

        assertThat(Suite.study("figures").runSpecs())
                .hasSize(5 * 7 * 5)
                .allSatisfy(spec -> assertThat(notebook).contains(spec.id("d")));
    }

    @Test
    void whatIsDoneToFactorsIsPartOfTheIdAndReachesWorkers() {
        List<RunSpec> specs = Suite.study("california-controls").only("caadam:depth").runSpecs();
        RunSpec averaged = specs.get(1);
        RunTask task = RunTask.of("id", "study", averaged, "cpu");

        assertThat(averaged.configuration())
                .isEqualTo("california-housing mlp:64-32 CaAdam:depth averaged");
        assertThat(averaged.id("d")).isNotEqualTo(specs.get(0).id("d"));
        assertThat(RunTask.fromJson(task.toJson())).isEqualTo(task);
        assertThat(RunSpec.fromJson(task.run(), Suite.CATALOG)).isEqualTo(averaged);
    }

    @Test
    void californiaControlsHaveFewerSeedsOnTheLargestNetwork() {
        Study study = Suite.study("california-controls");

        assertThat(study.optimizers()).hasSize(55).doesNotHaveDuplicates();
        assertThat(study.runSpecs()).hasSize(55 * (5 * 10 + 5));
        assertThat(study.reductions())
                .isEqualTo("10 of 30 seeds; at most 5 seeds on mlp:1024-256-64-16");
        assertThat(study.withSeeds(3).runSpecs()).hasSize(55 * 6 * 3);
        assertThat(study.withSeeds(20).only("mlp:1024-256-64-16").runSpecs()).hasSize(55 * 5);
    }

    /** So that the comparison with the mean learning rate leaves no strategy out. */
    @ParameterizedTest
    @ValueSource(strings = {"california-controls", "images-controls", "images-fair"})
    void everyStrategyOfTheControlsHasItsAverage(String name) {
        List<Component> optimizers =
                Suite.study(name).optimizers().stream().map(Configuration::component).toList();

        assertThat(optimizers)
                .filteredOn(optimizer -> optimizer.reference().contains(":"))
                .isNotEmpty()
                .allSatisfy(
                        optimizer ->
                                assertThat(optimizers)
                                        .contains(optimizer.with(Map.of("factors", "averaged"))));
    }

    /** On 64-32, multiplicative factors are 1, 5, 5, which have two other orders. */
    @Test
    void shufflesOfTheControlsDifferOnEveryNetworkThatHasThree() {
        Study study = Suite.study("california-controls");
        for (Part model : study.models()) {
            Map<String, Set<List<Double>>> orders = new TreeMap<>();
            for (Configuration row : study.optimizers()) {
                Map<String, Object> options = row.component().options().asMap();
                if (String.valueOf(options.get("factors")).startsWith("shuffled")) {
                    orders.computeIfAbsent(
                                    row.component().reference() + " " + options.get("convention"),
                                    key -> new HashSet<>())
                            .add(factors(model, row.component(), 0));
                }
            }

            assertThat(orders).hasSize(4);
            orders.forEach(
                    (strategy, different) ->
                            assertThat(different)
                                    .as("%s on %s", strategy, model.name())
                                    .hasSize(
                                            model.name().equals("mlp:64-32")
                                                            && strategy.startsWith("caadam:mult")
                                                    ? 2
                                                    : 3));
        }
    }

    /** The factors of a control, by the library's own objects. */
    private static List<Double> factors(Part model, Component optimizer, int seed) {
        Map<String, Object> options = optimizer.options().asMap();
        StructureConvention convention =
                StructureConvention.valueOf(
                        options.get("convention").toString().toUpperCase(Locale.ROOT));
        Scaling scaling = Scaling.byName(optimizer.reference().replace("caadam:", ""));
        ScalingStrategy strategy =
                FactorControl.parse(options.getOrDefault("factors", "").toString())
                        .applyTo(scaling.strategy((double) options.get("gamma"), seed));
        Block block = Suite.block(model.name(), 0);
        try (NDManager manager = NDManager.newBaseManager()) {
            Shape sample = Suite.example(model.component()).sampleShape();
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(sample));
            NetworkStructure network = StructureInspector.inspect(block, convention);
            return network.parameters().stream()
                    .map(parameter -> strategy.factor(parameter, network))
                    .toList();
        }
    }

    /** Chooses one rate for all. */
    static Map<TuningCase, Tuner.Candidate> at(double rate, List<TuningCase> cases) {
        Map<TuningCase, Tuner.Candidate> chosen = new HashMap<>();
        for (TuningCase one : cases) {
            one.tuner().candidates().stream()
                    .filter(tried -> tried.options().get("learning-rate").equals(rate))
                    .forEach(tried -> chosen.put(one, tried));
        }
        return chosen;
    }

    @Test
    void tunedStudiesTryEveryRateAndTestOnFreshSeeds() {
        Study study = Suite.study("california-tuned");
        Study tuning = study.tuningStudy().orElseThrow();

        assertThat(study.runSpecs()).hasSize(13 * 5 * 30);
        assertThat(tuning.runSpecs()).hasSize(12 * 6 * 5 * 5).doesNotHaveDuplicates();
        assertThat(tuning.runSpecs()).extracting(RunSpec::seed).containsOnly(0, 1, 2, 3, 4);
        assertThat(study.runSpecs())
                .extracting(RunSpec::seed)
                .containsOnly(IntStream.range(5, 35).boxed().toArray(Integer[]::new));
        assertThat(tuning.optimizers()).noneMatch(Configuration::isTuned);
        assertThat(tuning.tuningStudy()).isEmpty();
    }

    /** So that trials are the same runs as those of a study that sets the learning rate. */
    @Test
    void triedRatesAreOrdinaryRunsAndChosenOnesAreNamedAsSuch() {
        Study study = Suite.study("california-tuned").only("mlp:64-32,adam tuned");
        Study tuning = study.tuningStudy().orElseThrow();
        RunSpec ordinary = Suite.study("california-paper").only("mlp:64-32,adam").runSpecs().get(0);
        TuningCase only = study.tuningCases().get(0);

        assertThat(study.isDecided()).isFalse();
        assertThat(tuning.runSpecs().get(1).id("d")).isEqualTo(ordinary.id("d"));
        Study decided = study.withChosen(at(0.005, List.of(only)));
        assertThat(decided.isDecided()).isTrue();
        RunSpec run = decided.runSpecs().get(0);
        RunTask task = RunTask.of("id", "study", run, "cpu");
        assertThat(RunTask.fromJson(task.toJson())).isEqualTo(task);
        assertThat(RunSpec.fromJson(task.run(), Suite.CATALOG)).isEqualTo(run);
        assertThat(run.optimizer().options().asMap()).containsEntry("learning-rate", 0.005);
        assertThat(run.configuration()).isEqualTo("california-housing mlp:64-32 Adam:none tuned");
        assertThat(run.id("d"))
                .isNotEqualTo(study.withChosen(at(0.01, List.of(only))).runSpecs().get(0).id("d"));
    }

    @Test
    void sensitivityDrawsFactorsAroundTheRateThatWasChosenForAdam() {
        Study study = Suite.study("california-sensitivity");
        TuningCase small = study.tuningCases().get(0);
        TuningCase large = study.tuningCases().get(1);

        assertThat(study.runSpecs()).hasSize(2 * (240 + 30)).doesNotHaveDuplicates();
        assertThat(study.tuningStudy().orElseThrow().runSpecs()).hasSize(2 * 6 * 5);
        assertThat(study.tuningCases())
                .extracting(one -> one.tuner().name())
                .containsExactly("adam tuned", "adam tuned");
        Map<TuningCase, Tuner.Candidate> chosen = at(0.005, List.of(small));
        chosen.putAll(at(0.002, List.of(large)));
        Study decided = study.withChosen(chosen);
        assertThat(decided.isDecided()).isTrue();
        assertThat(decided.runSpecs().subList(0, 4))
                .extracting(run -> run.optimizer().options().asMap().get("learning-rate"))
                .containsExactly(0.005, 0.005, 0.002, 0.002);
        RunSpec drawn = decided.runSpecs().get(0);
        RunTask task = RunTask.of("id", "study", drawn, "cpu");
        assertThat(RunTask.fromJson(task.toJson())).isEqualTo(task);
        assertThat(RunSpec.fromJson(task.run(), Suite.CATALOG)).isEqualTo(drawn);
        assertThat(drawn.configuration())
                .isEqualTo("california-housing mlp:64-32 CaAdam:log-normal tuned-as=adam");
        // Plain tuned Adam is the same run as that of another study.
        assertThat(decided.runSpecs().get(1).id("d"))
                .isEqualTo(
                        Suite.study("california-tuned")
                                .only("mlp:64-32,adam tuned")
                                .withChosen(at(0.005, List.of(small)))
                                .runSpecs()
                                .get(0)
                                .id("d"));
    }

    @Test
    void everyRunDrawsItsOwnFactors() {
        Study study = Suite.study("california-sensitivity").only("caadam:log-normal");
        Set<Double> first = new HashSet<>();
        for (RunSpec run : study.only("mlp:64-32").runSpecs()) {
            first.add(factors(study.models().get(0), run.optimizer(), run.seed()).get(0));
        }

        assertThat(first).hasSize(240);
        assertThat(study.tuningCases()).hasSize(2);
    }

    @Test
    void filtersOfTunedStudiesLeaveSeedsAsTheyAre() {
        Study study = Suite.study("california-size");

        assertThat(study.runSpecs()).hasSize(3 * (10 * 30 + 10));
        assertThat(study.tuningStudy().orElseThrow().runSpecs()).hasSize(11 * 6 * 5);
        Study untuned = study.only("caadam:network-size");
        assertThat(untuned.tuningStudy()).isEmpty();
        assertThat(untuned.isDecided()).isTrue();
        assertThat(untuned.runSpecs().get(0).seed()).isEqualTo(5);
        assertThat(study.withSeeds(2).tuningStudy().orElseThrow().seeds()).isEqualTo(5);
    }

    @Test
    void imageControlsNameWhatIsReduced() {
        Study study = Suite.study("images-controls");

        assertThat(study.optimizers()).hasSize(27).doesNotHaveDuplicates();
        assertThat(study.runSpecs()).hasSize(27 * 5);
        assertThat(study.reductions())
                .isEqualTo(
                        "1 of 3 data sets; 5 of 30 seeds; 1 of 3 shuffles; at most 15 of 1000"
                                + " epochs; the first 5000 training rows only");
    }

    @Test
    void otherInitialWeightsMakeOtherRuns() {
        Study study = Suite.study("california-notebook");
        Study other = study.withWeightsSeed(3);

        assertThat(other.protocol().name()).isEqualTo("notebook-weights-3");
        assertThat(other.runSpecs().get(0).id("d")).isNotEqualTo(study.runSpecs().get(0).id("d"));
        assertThatIllegalArgumentException().isThrownBy(() -> study.withWeightsSeed(0));
        Study drawn = Suite.study("california-paper");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> drawn.withWeightsSeed(1))
                .withMessageContaining("found 1 for the protocol paper");
    }

    @Test
    void filesSetOptionsAndNameTheirReductions() {
        Study study =
                Yaml.read(
                        directory,
                        """
                        format: 1
                        name: mine
                        data: [friedman1]
                        models: ["mlp:4", {name: "mlp:8", seeds: 2}]
                        optimizer-defaults: {learning-rate: 0.002, epsilon: 1e-7}
                        optimizers:
                          - adam
                          - {name: "caadam:depth", options: {convention: paper, learning-rate: 0.01}}
                        protocol: {batch-size: 32, epochs: 5, train-rows: 500}
                        execution: eager
                        seeds: 4
                        """);
        Map<String, Object> options = study.optimizers().get(1).component().options().asMap();

        assertThat(study.protocol().epochs()).isEqualTo(5);
        assertThat(study.execution()).isEqualTo(Execution.EAGER);
        assertThat(Suite.study("california-notebook").execution()).isEqualTo(Execution.COMPILED);
        assertThat(options)
                .containsEntry("convention", "paper")
                .containsEntry("gamma", 0.95)
                .containsEntry("epsilon", 1e-7)
                .containsEntry("learning-rate", 0.01);
        assertThat(study.optimizers().get(0).component().options().asMap())
                .containsEntry("learning-rate", 0.002);
        assertThat(study.reductions())
                .isEqualTo("the first 500 training rows only; at most 2 seeds on mlp:8");
    }

    @Test
    void whatAProtocolDoesNotSayIsTheSimplest() {
        Study study = Yaml.study(directory, "\"mlp:4\"", Yaml.PROTOCOL + "seeds: 1\n", "adam");

        assertThat(study.protocol().identity().toString())
                .isEqualTo(
                        "{\"batch-size\":64,\"epochs\":5,\"validation\":{\"share\":0.2,\"take\":"
                                + "\"shuffled\"},\"early-stopping\":\"none\",\"schedule\":{\"name\":"
                                + "\"constant\"},\"initial-weights\":\"by-seed\"}");
    }

    @Test
    void everythingOfAProtocolReachesWorkers() {
        Study study =
                Yaml.study(
                        directory,
                        "\"mlp:4\"",
                        """
                        protocol:
                          name: mine
                          batch-size: 32
                          epochs: 7
                          train-rows: 100
                          validation: {share: 0.25, take: last}
                          early-stopping: {patience: 3, from-epoch: 1, min-delta: 0.5, restore: last}
                          schedule: {name: cosine, options: {floor: 0.1, warm-up-epochs: 2}}
                          initial-weights: shared
                          weights-seed: 4
                          loss: mean-absolute-error
                          l2: 0.001
                          monitor: r2
                        seeds: 1
                        """,
                        "adam");
        RunSpec run = study.runSpecs().get(0);

        assertThat(RunSpec.fromJson(run.toJson(), Suite.CATALOG)).isEqualTo(run);
        assertThat(run.protocol().identity().toString())
                .isEqualTo(
                        "{\"batch-size\":32,\"epochs\":7,\"train-rows\":100,\"validation\":"
                                + "{\"share\":0.25,\"take\":\"last\"},\"early-stopping\":"
                                + "{\"patience\":3,\"from-epoch\":1,\"min-delta\":0.5,\"restore\":"
                                + "\"last\"},\"schedule\":{\"name\":\"cosine\",\"options\":{\"floor\":"
                                + "0.1,\"warm-up-epochs\":2}},\"initial-weights\":\"shared\","
                                + "\"weights-seed\":4,\"loss\":\"mean-absolute-error\",\"l2\":0.001,"
                                + "\"monitor\":{\"name\":\"r2\"}}");
    }

    @Test
    void severalDataSetsAndFewerRowsAreNamed() {
        Study study = Suite.study("images-cpu");

        assertThat(study.runSpecs()).hasSize(2 * 4 * 5);
        assertThat(study.protocol().usedRows(50_000)).isEqualTo(5_000);
        assertThat(study.protocol().fittedRows(5_000, 0)).isEqualTo(4_000);
        assertThat(study.only("cifar10").runSpecs()).hasSize(4 * 5);
        assertThat(study.reductions())
                .isEqualTo(
                        "2 of 3 data sets; 4 of 7 optimizers; 5 of 30 seeds; at most 15 of 1000"
                                + " epochs; the first 5000 training rows only");
    }

    @Test
    void filterKeepsWhatItNames() {
        Study study = Suite.study("california-notebook");

        assertThat(study.only("mlp:64-32").runSpecs()).hasSize(7 * 30);
        assertThat(study.only("adam, caadam:depth").runSpecs()).hasSize(6 * 2 * 30);
        Study controls = Suite.study("california-controls");
        assertThat(controls.only("adam").optimizers()).hasSize(5);
        assertThat(controls.only("adam lr=0.005,caadam:depth averaged").optimizers())
                .extracting(Configuration::name)
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
                .isThrownBy(() -> StudyReader.read("nothing", Suite.CATALOG))
                .withMessageContaining("quickstart, california-notebook, california-paper");
        assertThatIOException()
                .isThrownBy(() -> StudyReader.read("nothing.yaml", Suite.CATALOG))
                .withMessageContaining("There is no file nothing.yaml");
    }
}
