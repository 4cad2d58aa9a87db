// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NewCommandTest {

    @TempDir private Path folder;
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(output)).setErr(new PrintWriter(errors));
        return commandLine.execute(arguments);
    }

    private Study written(String table, String... more) throws IOException {
        Path data = folder.resolve("my houses.csv");
        Files.writeString(data, table);
        Path study = Files.createDirectories(folder.resolve("studies")).resolve("s.yaml");
        String[] arguments = new String[4 + more.length];
        arguments[0] = "new";
        arguments[1] = data.toString();
        arguments[2] = "--out";
        arguments[3] = study.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        assertThat(run(arguments)).as(errors.toString()).isZero();
        return StudyReader.read(study.toString(), Catalog.ofSuite());
    }

    private DataSplit data(Study study) throws IOException {
        Component component = study.data().get(0).component();
        return component
                .factory(DataSource.class)
                .load(new DataDirectories(List.of(folder), folder), component.options());
    }

    private static String rows(int count, String form) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(String.format(form, i, i % 7 * 1.25, i % 3 == 0 ? "flat" : "house", i * 2))
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void studyOfATableIsReadAsItWasMeant() throws IOException {
        String table = "id,\"size: m²\",kind,built,price\n" + rows(60, "%d,%s,%s,2020-01-02,%d.5");

        Study study = written(table.replaceFirst("1.25", ""));

        assertThat(study.name()).isEqualTo("my-houses");
        assertThat(study.seeds()).isEqualTo(10);
        assertThat(study.optimizers()).hasSize(2);
        DataSplit split = data(study);
        assertThat(split.signature().task()).isEqualTo(Task.REGRESSION);
        assertThat(split.sampleShape().size()).isEqualTo(3);
        assertThat(split.trainRows()).isEqualTo(48);
        String text = Files.readString(folder.resolve("studies/s.yaml"));
        assertThat(text)
                .contains("file: \"../my houses.csv\"")
                .contains("ignore: [id, built]  # id counts the rows; built has dates")
                .contains("missing: median  # size: m² lacks 1")
                .contains("#   kind: category of flat, house")
                .doesNotContain("@");
        assertThat(output.toString()).contains("48 training and 12 test rows, 3 features");
    }

    @Test
    void targetMayBeAnotherColumnAndClasses() throws IOException {
        Study study =
                written("id,size,kind,price\n" + rows(60, "%d,%s,%s,%d.5"), "--target", "kind");

        DataSplit split = data(study);
        assertThat(split.signature().task()).isEqualTo(Task.CLASSIFICATION);
        assertThat(split.outputs()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("studies/s.yaml"))).contains("metric: accuracy");
    }

    @Test
    void fileIsNeverOverwritten() throws IOException {
        Path study = folder.resolve("s.yaml");
        Files.writeString(study, "mine");
        Files.writeString(folder.resolve("t.csv"), "x,y\n" + rows(20, "%d,%s"));

        assertThat(run("new", folder.resolve("t.csv").toString(), "--out", study.toString()))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(errors.toString()).contains("is there already");
        assertThat(Files.readString(study)).isEqualTo("mine");
    }

    @Test
    void tableThatNoStudyCouldUseIsRefusedAndNothingWritten() throws IOException {
        Path study = folder.resolve("s.yaml");
        Files.writeString(folder.resolve("t.csv"), "x,y\n" + rows(20, "%d,1"));

        assertThat(run("new", folder.resolve("t.csv").toString(), "--out", study.toString()))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(study).doesNotExist();
    }

    @Test
    void exportedDataAreATableToBeginWith() throws IOException {
        Path table = folder.resolve("friedman.csv");

        assertThat(run("data", "export", "friedman1", table.toString())).isZero();
        assertThat(run("data", "export", "friedman1", table.toString())).isEqualTo(Main.BAD_INPUT);
        assertThat(Files.readAllLines(table))
                .hasSize(2_001)
                .first()
                .isEqualTo("x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,y");
        Path study = folder.resolve("f.yaml");
        assertThat(run("new", table.toString(), "--out", study.toString())).isZero();
        assertThat(output.toString()).contains("1,600 training and 400 test rows, 10 features");
    }

    @Test
    void statusSaysWhereDataComeFrom() {
        assertThat(run("data", "status", "--data-dir", folder.toString())).isZero();
        assertThat(output.toString())
                .containsPattern("csv +a file of yours")
                .containsPattern("friedman1 +built in")
                .containsPattern("djl:cifar10 +fetched by itself");
    }
}
