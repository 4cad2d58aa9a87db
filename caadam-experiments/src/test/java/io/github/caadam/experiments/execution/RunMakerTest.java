// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study whose network and table are files, made on a machine that has them elsewhere. */
class RunMakerTest {

    private static final Path NETWORKS = Path.of("../caadam-core/src/test/resources/torchscript");

    private static final String STUDY =
            """
            format: 1
            name: files
            data: [{name: csv, label: signs, options: {file: signs.csv, target: class, test: 0.25}}]
            models: [{file: dropout.pt}]
            optimizers: [{name: adam, options: {learning-rate: 0.01}}]
            protocol: {batch-size: 32, epochs: 2}
            seeds: 1
            """;

    @TempDir private Path driver;
    @TempDir private Path executor;

    private RunTask task;

    @BeforeEach
    void planRun() throws IOException {
        StringBuilder table = new StringBuilder("a,b,c,d,e,f,g,h,class\n");
        Random random = new Random(1);
        for (int row = 0; row < 200; row++) {
            boolean first = random.nextBoolean();
            boolean second = random.nextBoolean();
            table.append(first ? 1 : -1).append(',').append(second ? 1 : -1);
            for (int i = 2; i < 8; i++) {
                table.append(',').append(random.nextGaussian());
            }
            table.append(',').append(first ? "p" : "n").append(second ? "p" : "n").append('\n');
        }
        Files.writeString(driver.resolve("signs.csv"), table);
        Files.copy(NETWORKS.resolve("dropout.pt"), driver.resolve("dropout.pt"));
        Path file = Files.writeString(driver.resolve("files.yaml"), STUDY);
        Study study = Suite.study(file.toString());
        RunSpec spec = study.runSpecs().get(0);
        String digest = new LoadedData(directories(driver)).get(spec.data()).digest();
        task = RunTask.of(spec.id(digest), study.name(), spec, "cpu");
    }

    private static DataDirectories directories(Path folder) {
        return DataDirectories.of(Optional.of(folder));
    }

    private RunReply make() {
        return new RunMaker(Suite.CATALOG, directories(executor), Optional.empty())
                .make(task, () -> {});
    }

    private void move(String name) throws IOException {
        Files.move(driver.resolve(name), executor.resolve(name));
    }

    @Test
    void filesAreFoundByTheirNamesAmongTheDataAndTheRunIsTheSame() throws IOException {
        move("signs.csv");
        move("dropout.pt");

        RunReply reply = make();

        assertThat(reply.failure()).isNull();
        assertThat(reply.run().id()).isEqualTo(task.id());
        assertThat(reply.run().metric("accuracy")).isBetween(0.0, 1.0);
    }

    @Test
    void aFileOfAnotherContentIsRefused() throws IOException {
        move("signs.csv");
        Files.delete(driver.resolve("dropout.pt"));
        Files.copy(NETWORKS.resolve("residual.pt"), executor.resolve("dropout.pt"));

        assertThat(make().failure())
                .startsWith("its worker's data or code is not that of the study");
    }

    @Test
    void aFileThatIsNowhereIsNamed() throws IOException {
        move("signs.csv");
        Files.delete(driver.resolve("dropout.pt"));

        assertThat(make().failure()).contains("There is no file " + driver.resolve("dropout.pt"));
    }
}
