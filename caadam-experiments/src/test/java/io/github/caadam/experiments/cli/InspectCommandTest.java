// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InspectCommandTest {

    private static final Path TORCH_SCRIPT =
            Path.of("../caadam-core/src/test/resources/torchscript/residual.pt");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int inspect(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "inspect";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(command);
    }

    @Test
    void resNet20HasTheTotalsOfThePapersNetwork() {
        assertThat(inspect("--model", "resnet20")).isZero();
        assertThat(out.toString())
                .contains("86 trainable tensors, 273258 values")
                .contains("c_min 432, c_median 6912, c_max 36864, total depth 20")
                .contains("01Conv2d_weight");
    }

    @Test
    void classesAndConventionChangeTheFactors() {
        assertThat(
                        inspect(
                                "--model",
                                "resnet20",
                                "--classes",
                                "100",
                                "--scaling",
                                "additive",
                                "--convention",
                                "reference"))
                .isZero();
        assertThat(out.toString()).contains("c_median 7808").contains("1.1813").contains("2.0056");
    }

    /** Glorot's weights have the root mean square √(2/(fan-in + fan-out)) but for their drawing. */
    @Test
    void relativeStepsAreThoseOfTheWeightsAsDrawn() {
        for (String name : List.of("relative-step", "relative-step-at-start")) {
            assertThat(
                            inspect(
                                    "--model",
                                    "mlp:300-100",
                                    "--inputs",
                                    "200",
                                    "--scaling",
                                    name,
                                    "--gamma",
                                    "0.5",
                                    "--format",
                                    "csv"))
                    .as(err::toString)
                    .isZero();
        }
        double[] found =
                out.toString()
                        .lines()
                        .filter(line -> !line.startsWith("parameter"))
                        .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*,", "")))
                        .toArray();
        assertThat(found).hasSize(12);
        assertThat(Arrays.copyOfRange(found, 6, 12)).isEqualTo(Arrays.copyOf(found, 6));
        assertThat(found[0])
                .isCloseTo(0.5 * Math.sqrt(2.0 / 500), within(3e-4))
                .isEqualTo(found[1]);
        assertThat(found[2])
                .isCloseTo(0.5 * Math.sqrt(2.0 / 400), within(4e-4))
                .isEqualTo(found[3]);
    }

    static List<String> names() {
        return Suite.CATALOG.entries(Kind.MODEL).stream()
                .map(entry -> entry.factory().name())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyNamedNetworkCanBeInspected(String name) {
        assertThat(inspect("--model", name, "--scaling", "depth")).as(err::toString).isZero();
        assertThat(out.toString()).contains("trainable tensors, ").contains("convention PAPER");
    }

    @Test
    void inputsAreAShape() {
        assertThat(inspect("--model", "mlp:4", "--inputs", "3")).isZero();
        assertThat(inspect("--model", "lenet", "--inputs", "3x32x32")).isZero();
        assertThat(out.toString()).contains("(4, 3) ").contains("(6, 3, 5, 5)");
    }

    @Test
    void csvHasAColumnForTheFanIn() {
        assertThat(inspect("--model", "resnet20", "--format", "csv")).isZero();
        assertThat(out.toString().lines())
                .hasSize(87)
                .startsWith("parameter,shape,layer,c,d,fan-in,S")
                .contains("01Conv2d_weight,\"(16, 3, 3, 3)\",01Conv2d,432,0,27,1.0");
    }

    @Test
    void figureIsOfThePapersStrategiesUnderBothConventions(@TempDir Path directory) {
        assertThat(inspect("--model", "mlp:4", "--format", "csv", "--figure", "" + directory))
                .as(err::toString)
                .isZero();

        assertThat(out.toString().lines()).hasSize(5).allMatch(line -> line.contains(","));
        for (String convention : List.of("paper", "reference")) {
            Path file = directory.resolve("factors-mlp-4-" + convention + ".svg");
            assertThat(err.toString()).contains("figure: " + file);
            assertThat(file).content().contains("additive", "multiplicative", "depth");
        }
    }

    @Test
    void figureIsOfTheStrategyAndConventionThatAreGiven(@TempDir Path directory) {
        assertThat(
                        inspect(
                                "--model",
                                TORCH_SCRIPT.toString(),
                                "--scaling",
                                "fan-in",
                                "--gamma",
                                "0.5",
                                "--convention",
                                "reference",
                                "--figure",
                                "" + directory))
                .as(err::toString)
                .isZero();

        assertThat(directory.resolve("factors-residual-reference.svg"))
                .content()
                .contains("0.5")
                .doesNotContain("additive");
        assertThat(directory.resolve("factors-residual-paper.svg")).doesNotExist();
    }

    @Test
    void gammaOfSeveralStrategiesIsRefused(@TempDir Path directory) {
        assertThat(inspect("--model", "mlp:4", "--gamma", "2", "--figure", "" + directory))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains("--gamma with --figure needs --scaling");
    }

    @Test
    void torchScriptFilesAreRead() {
        assertThat(inspect("--model", TORCH_SCRIPT.toString(), "--scaling", "additive")).isZero();
        assertThat(out.toString())
                .contains("layer1.0.bn1.weight       (8)           layer1.0.conv1")
                .contains("12 trainable tensors");
    }

    @Test
    void fileThatIsNotTorchScriptIsRefused(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("text.pt"), "not a network");

        assertThat(inspect("--model", file.toString())).isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains("text.pt is not a TorchScript file.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model resnet18 | There is no model \"resnet18\"; there are alexnet,",
                "--model nothing.pt | There is no file nothing.pt.",
                "--model a.pt --inputs 3 | shapes of a TorchScript file are fixed",
                "--model resnet50 --inputs 8 | it takes samples of a shape such as (3, 224, 224)",
                "--model mlp:4 --inputs 3x32x32 | it takes rows of features, of a shape such as"
                        + " (8)",
                "--model mlp:4 --inputs x | --inputs takes a shape such as 8 or 3x32x32",
                "--model mlp:4 --inputs 0 | --inputs takes a shape such as 8 or 3x32x32",
                "--model mlp:4 --classes 0 | --classes takes 1 or more",
                "--model alexnet --inputs 3x8x8 | cannot be built for samples of shape (3, 8, 8)"
            })
    void badInputIsOneClearSentenceAndExitCodeTwo(String arguments, String message) {
        assertThat(inspect(arguments.trim().split(" "))).isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void coordinateCheckShowsTheChangesOfEachLayer(@TempDir Path directory) {
        assertThat(
                        inspect(
                                "--coordinate-check",
                                "--optimizer",
                                "adam,sgd@0.1",
                                "--figure",
                                "" + directory))
                .as(err::toString)
                .isZero();

        assertThat(out.toString())
                .contains("MLPs of three hidden layers, by their units")
                .containsPattern("adam +middle( +[0-9.e-]+){6} +-?[0-9.]+")
                .containsPattern("sgd@0.1 +last( +[0-9.e-]+){5} +-?[0-9.]+");
        assertThat(directory).isDirectoryContaining("glob:**coordinates-depth-middle.png");
        assertThat(directory).isDirectoryContaining("glob:**coordinates-width-last.svg");
    }

    /**
     * Of each network one line for each layer: 6 of 4 layers, and those of 2 to 32 and the last.
     */
    @Test
    void coordinateCheckWritesCsv() {
        assertThat(inspect("--coordinate-check", "--optimizer", "adam", "--format", "csv"))
                .isZero();

        assertThat(out.toString().lines())
                .hasSize(1 + 6 * 4 + 3 + 5 + 9 + 17 + 33)
                .startsWith("optimizer,growth,size,layer,change")
                .anyMatch(line -> line.startsWith("adam,depth,32,33,"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--scaling depth | Say which network",
                "--coordinate-check --model mlp:4 | leave out --model",
                "--coordinate-check | needs --optimizer",
                "--coordinate-check --optimizer adma | There is no optimizer \"adma\"; there are",
                "--coordinate-check --optimizer sgd | \"learning-rate\" is missing",
                "--coordinate-check --optimizer sgd@much | such as sgd@0.1",
            })
    void coordinateCheckSaysWhatItNeeds(String arguments, String message) {
        assertThat(inspect(arguments.trim().split(" "))).isEqualTo(Main.BAD_INPUT);
        assertThat(err.toString()).contains(message);
    }
}
