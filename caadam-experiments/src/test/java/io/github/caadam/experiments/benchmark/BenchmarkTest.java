// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {

    private static final BenchmarkSettings TINY =
            new BenchmarkSettings(
                    List.of("mlp:4", "resnet20"), 130, 1, 3, 12, 1, 2, 2, Duration.ZERO);

    @TempDir private Path directory;

    private final StringWriter text = new StringWriter();

    @Test
    void writesALinePerCaseAndNetwork() throws IOException {
        List<Path> files =
                new Benchmark(TINY, Device.cpu(), new PrintWriter(text)).run().write(directory);

        assertThat(files)
                .containsExactly(
                        directory.resolve("bench.csv"),
                        directory.resolve("bench-details.csv"),
                        directory.resolve("bench.json"));
        List<String> lines = Files.readAllLines(directory.resolve("bench.csv"));
        assertThat(lines.get(0))
                .isEqualTo("case,network,stock_ms,ours_ms,ratio,ratio_low,ratio_high");
        assertThat(lines.stream().skip(1).map(line -> line.replaceAll("(,[^,]*){5}$", "")))
                .containsExactly(
                        "step,mlp:4",
                        "step,resnet20",
                        "epoch-eager,mlp:4",
                        "epoch-compiled,mlp:4",
                        "epoch-fit,mlp:4",
                        "epoch-eager,resnet20",
                        "epoch-compiled,resnet20",
                        "epoch-fit,resnet20");
        assertThat(lines.subList(1, lines.size()))
                .allMatch(line -> line.matches("[^,]+,[^,]+(,[0-9.]+){5}|[^,]+,[^,]+(,-){5}"));
        assertThat(Files.readString(directory.resolve("bench-details.csv")))
                .startsWith("case,network,measure,value,low,high\n")
                .contains("step,mlp:4,memory_floor_ms,")
                .contains("step,resnet20,caadam_over_adam,")
                .contains("step,resnet20,depth_over_adam,")
                .contains("epoch-eager,resnet20,convolutions_share_of_ours,")
                .contains("epoch-fit,mlp:4,fit_over_bare,")
                .doesNotContain("mlp:4,convolutions");
        JsonNode provenance = new ObjectMapper().readTree(directory.resolve("bench.json").toFile());
        assertThat(provenance.at("/environment/threads").asText()).isEqualTo("1");
        assertThat(provenance.at("/environment/commit").asText()).isNotEmpty();
        assertThat(provenance.at("/settings/stepsBefore").asInt()).isEqualTo(3);
        assertThat(text.toString()).contains("epoch-compiled  resnet20");
    }

    @Test
    void serverTrainsTheEpochsThatAreAskedFor() throws IOException {
        new TurnServer(TINY, Device.cpu())
                .serve(
                        new BufferedReader(
                                new StringReader("mlp:4 2\nmlp:4 1\nunscaled:mlp:4 1\n")),
                        new PrintWriter(text));

        List<String> lines = text.toString().lines().toList();
        assertThat(lines.get(0)).startsWith("caadam ").contains("djl 0.");
        assertThat(lines.get(1)).matches("mlp:4,[0-9.]+,[0-9.]+");
        assertThat(lines.get(2)).matches("mlp:4,[0-9.]+");
        assertThat(lines.get(3)).matches("unscaled:mlp:4,[0-9.]+");
    }

    @Test
    void serverRefusesWhatItDoesNotUnderstand() {
        TurnServer server = new TurnServer(TINY, Device.cpu());

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                server.serve(
                                        new BufferedReader(new StringReader("mlp:4 many\n")),
                                        new PrintWriter(text)))
                .withMessageContaining("NETWORK EPOCHS or OPTIMIZER NETWORK STEPS");
    }

    @Test
    void serverMakesTheStepsOfOptimizersThatAreAskedFor() throws IOException {
        new TurnServer(TINY, Device.cpu())
                .serve(
                        new BufferedReader(
                                new StringReader(
                                        """
                                        sgd,momentum=0.9 mlp:4 2
                                        stock:sgd,momentum=0.9 mlp:4 1
                                        stock:lion mlp:4 1
                                        """)),
                        new PrintWriter(text));

        List<String> lines = text.toString().lines().toList();
        assertThat(lines.get(1)).matches("sgd,momentum=0.9 mlp:4,[0-9.]+,[0-9.]+");
        assertThat(lines.get(2)).matches("stock:sgd,momentum=0.9 mlp:4,[0-9.]+");
        assertThat(lines.get(3)).isEqualTo("stock:lion mlp:4");
    }

    @Test
    void ratioIsTheMedianOfPairs() {
        Ratio ratio = Ratio.of(List.of(2L, 9L, 4L), List.of(1L, 3L, 1L));

        // Pairs 2, 3, 4: not the quotient of the medians 4 and 1.
        assertThat(ratio.median()).isEqualTo(3, within(1e-12));
        assertThat(ratio.low()).isEqualTo(2.5, within(1e-12));
        assertThat(ratio.high()).isEqualTo(3.5, within(1e-12));
        assertThat(ratio.firstMs()).isEqualTo(4e-6, within(1e-18));
        assertThat(ratio.secondMs()).isEqualTo(1e-6, within(1e-18));
    }

    @Test
    void everyoneComesBeforeEveryoneElseEquallyOften() {
        List<Integer> order = new ArrayList<>();
        Turns turns =
                new Turns(
                        List.of(() -> order.add(0), () -> order.add(1), () -> order.add(2)), true);

        turns.measure(6, 6, Duration.ZERO);

        int[][] before = new int[3][3];
        for (int round = 0; round < 6; round++) {
            List<Integer> places = order.subList(3 * round, 3 * round + 3);
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    before[i][j] += places.indexOf(i) < places.indexOf(j) ? 1 : 0;
                }
            }
        }
        assertThat(before).isDeepEqualTo(new int[][] {{0, 3, 3}, {3, 0, 3}, {3, 3, 0}});
    }
}
