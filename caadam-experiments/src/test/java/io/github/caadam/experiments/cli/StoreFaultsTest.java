// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.dataset.SmallDisk;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Disks that are full or cannot be written. */
class StoreFaultsTest {

    private static final String STUDY =
            """
            format: 1
            name: tiny
            data: [friedman1]
            models: ["mlp:4"]
            optimizers: [adam, nadam]
            protocol:
              name: paper
              batch-size: 64
              epochs: 20
              validation: {share: 0.2, take: last}
              early-stopping: {patience: 15, min-delta: 1e-5}
              schedule:
                name: plateau
                options: {patience: 6, factor: 0.25, min-learning-rate: 2.5e-5, min-delta: 1e-5}
            seeds: 12
            """;

    @TempDir private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String study;

    @BeforeEach
    void writeStudy() throws IOException {
        study = Files.writeString(directory.resolve("tiny.yaml"), STUDY).toString();
    }

    @Test
    void onAFullDiskNothingIsLostAndTheSameCommandGoesOn() throws IOException {
        Path results = Files.createDirectory(directory.resolve("disk"));
        Path whole = directory.resolve("whole");
        assertThat(caadam("run", "--in-process", study, "--out", whole.toString())).isZero();
        try (SmallDisk disk = new SmallDisk(results)) {
            assertThat(disk).isNotNull();
            assertThat(caadam("run", "--in-process", study, "--out", results.toString()))
                    .isEqualTo(Main.FAILED);
            assertThat(err.toString())
                    .contains("could not be kept in " + results)
                    .contains("No space left on device")
                    .contains("the same command goes on");
            List<RunRecord> kept = RunStore.existing(results).all();
            assertThat(kept).isNotEmpty().hasSizeLessThan(24);
            assertThat(results.resolve("runs")).isDirectoryNotContaining("glob:**.part");

            // Room is made by merging what is there into a larger store.
            Path larger = directory.resolve("larger");
            assertThat(caadam("collect", results.toString(), "--out", larger.toString()))
                    .isEqualTo(Main.FAILED);
            assertThat(caadam("run", "--in-process", study, "--out", larger.toString())).isZero();
            assertThat(RunStore.existing(larger).all()).containsAll(kept);
            assertThat(RunsCsv.read(larger.resolve("runs.csv")))
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields(
                            "seconds", "stepsPerSecond")
                    .containsExactlyElementsOf(RunsCsv.read(whole.resolve("runs.csv")));
        }
    }

    @Test
    void readOnlyStoreIsReadAndNotRunInto() throws IOException {
        Path results = Files.createDirectory(directory.resolve("disk"));
        try (SmallDisk disk = new SmallDisk(results)) {
            // Makes one seed of each, and no tables, for which there is no room.
            String[] part = {
                "run", "--in-process", study, "--out", results.toString(), "--estimate"
            };
            assertThat(caadam(part)).isZero();
            disk.lock();

            assertThat(caadam("status", results.toString())).isZero();
            assertThat(caadam("tables", results.toString(), "--out", directory + "/t")).isZero();
            assertThat(caadam("report", results.toString(), "--out", directory + "/r")).isZero();
            assertThat(err.toString()).isEmpty();
            assertThat(caadam(part)).isEqualTo(Main.FAILED);
            assertThat(err.toString()).contains("could not be kept in " + results);
            assertThat(RunStore.existing(results).all()).hasSize(2);
        }
    }

    @Test
    void folderThatCannotBeWrittenIsNamed() throws IOException {
        Path parent = Files.createDirectory(directory.resolve("disk"));
        try (SmallDisk disk = new SmallDisk(parent)) {
            disk.lock();

            assertThat(
                            caadam(
                                    "run",
                                    "--in-process",
                                    study,
                                    "--out",
                                    parent.resolve("out").toString()))
                    .isEqualTo(Main.FAILED);
            assertThat(err.toString()).contains("could not be kept in " + parent.resolve("out"));
        }
    }

    private int caadam(String... arguments) {
        CommandLine command = Main.commandLine();
        return command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
