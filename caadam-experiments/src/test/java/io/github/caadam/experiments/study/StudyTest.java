package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Scaling;
import io.github.caadam.structure.StructureConvention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
                                * study.models().size()
                                * study.optimizers().size()
                                * study.runs())
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
                .isNotEqualTo(study.withExecution(Execution.EAGER).runSpecs().get(0).id("d"))
                .matches("[0-9a-f]{16}");
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
    void networkForImagesIsRefusedOnATable() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                StudyReader.read(
                                        write(
                                                """
                                                name: mine
                                                dataset: friedman1
                                                models: ["mlp:4", resnet20]
                                                optimizers: [adam]
                                                protocol: paper
                                                runs: 1
                                                """)))
                .withMessage(
                        "The model resnet20 cannot be trained on friedman1, a regression on a"
                                + " table; models for it are mlp: followed by the units of the"
                                + " hidden layers.");
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
        assertThat(study.withRuns(2).reductions())
                .isEqualTo("at most 5 of 1000 epochs; 2 of 4 seeds");
    }

    @Test
    void severalDataSetsAndFewerRowsAreNamed() throws IOException {
        Study study = StudyReader.read("images-cpu");

        assertThat(study.runSpecs()).hasSize(2 * 4 * 5);
        assertThat(study.protocol().usedRows(50_000)).isEqualTo(5_000);
        assertThat(study.protocol().fittedRows(5_000)).isEqualTo(4_000);
        assertThat(study.only("cifar10").runSpecs()).hasSize(4 * 5);
        assertThat(study.only("cifar10").reductions())
                .isEqualTo(
                        "2 of 3 data sets; 4 of 7 optimizers; 5 of 30 seeds; the first 5000"
                                + " training rows only; at most 15 of 1000 epochs; 1 of 2 data"
                                + " sets");
    }

    @ParameterizedTest
    @CsvSource({
        "friedman1, resnet20, a regression on a table",
        "cifar10, mlp:8, a classification of images"
    })
    void modelsMustFitTheDataSet(String dataset, String model, String reason) throws IOException {
        String file =
                write(
                        "{name: x, dataset: "
                                + dataset
                                + ", models: [\""
                                + model
                                + "\"], optimizers: [adam], protocol: paper, runs: 1}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StudyReader.read(file))
                .withMessageContaining(reason);
    }

    @Test
    void filterKeepsWhatItNames() throws IOException {
        Study study = StudyReader.read("california-notebook");

        assertThat(study.only("mlp:64-32").runSpecs()).hasSize(7 * 30);
        assertThat(study.only("mlp:64-32,adam").reductions())
                .isEqualTo("1 of 6 networks; 1 of 7 optimizers");
        assertThat(study.only("adam, caadam:depth").runSpecs()).hasSize(6 * 2 * 30);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> study.only("mlp:64-32,sgd"))
                .withMessageContaining("has no \"sgd\"")
                .withMessageContaining("adamw");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dataset: friedman1 | has no \"name\"",
                "name: [ | is not a study",
                "nonsense: 1 | unknown key \"nonsense\"; valid are: dataset, datasets, description, ",
                "' ' | is empty",
                "~ | holds nothing",
                "'# only a remark' | it must be a map of keys and their values",
                "hello | it must be a map of keys and their values (line 1).",
                "runs: many | \"runs\" must be a whole number (line 1).",
                "models: {} | \"models\" must be a list (line 1).",
                "execution: fast | Unknown execution \"fast\"; valid are: compiled, eager.",
            })
    void brokenFilesAreRefusedWithTheReason(String text, String reason) throws IOException {
        String file = write(text);

        assertThatThrownBy(() -> StudyReader.read(file))
                .hasMessageContaining(file)
                .hasMessageContaining(reason);
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
