// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code scripts/caadam}, with a jar that names the classes of this build. */
class LauncherTest {

    private static final String STUDY =
            """
            format: 1
            name: small
            data: [friedman1]
            models: ["mlp:4"]
            optimizers: [adam]
            protocol:
              name: paper
              batch-size: 64
              epochs: 2
              validation: {share: 0.2, take: last}
              early-stopping: {patience: 15, min-delta: 1e-5}
              schedule:
                name: plateau
                options: {patience: 6, factor: 0.25, min-learning-rate: 2.5e-5, min-delta: 1e-5}
            seeds: 1
            """;

    /** A file's name in UTF-8, "größe", for shells and Javas of whatever locale. */
    private static final String NAME = "f=$(printf 'gr\\303\\266\\303\\237e'); ";

    @TempDir private Path directory;

    @BeforeEach
    void putTheScriptBesideAJar() throws IOException {
        Path scripts = Files.createDirectory(directory.resolve("scripts"));
        Files.copy(Path.of("../scripts/caadam"), scripts.resolve("caadam"));
        Path target = Files.createDirectories(directory.resolve("caadam-experiments/target"));
        Shell.writeJar(target.resolve("caadam.jar"));
        Files.writeString(directory.resolve("study.yaml"), STUDY);
    }

    @Test
    void filesAreNamedInUtf8AndOptionsReachWorkersWhateverTheLocale() throws Exception {
        String printed =
                shell(
                        NAME
                                + "cp study.yaml \"$f.yaml\" && JAVA_OPTS='-Xlog:gc:file=gc-%p.log'"
                                + " sh scripts/caadam run \"$f.yaml\" --out \"out-$f\" && echo logs"
                                + " $(ls gc-*.log | wc -l) && sh scripts/caadam data status"
                                + " --data-dir \"$f\"");

        assertThat(printed)
                .contains("1 runs: out-gr\u00f6\u00dfe/runs.csv")
                .contains("logs 2")
                .contains("Looked in [gr\u00f6\u00dfe, ");
    }

    @Test
    void javaItselfSaysWhatItCannotName() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String printed =
                shell(
                        NAME
                                + "cp study.yaml \"$f.yaml\"; "
                                + java
                                + " -jar caadam-experiments/target/caadam.jar run \"$f.yaml\"; echo"
                                + " code $?; printf 'format: 1\\nnam: x\\n' > bad.yaml; "
                                + java
                                + " -jar caadam-experiments/target/caadam.jar run bad.yaml");

        assertThat(printed)
                .contains("This Java names files in ANSI_X3.4-1968, by the locale; for other")
                .contains("start it with LC_ALL=C.UTF-8, or by scripts/caadam.")
                .contains("code 2")
                .containsPattern("bad.yaml:2:1: .* did you mean \"name\"\\?\n");
    }

    private String shell(String command) throws IOException, InterruptedException {
        String java = System.getProperty("java.home");
        return Shell.run(directory, command, Map.of("LC_ALL", "C", "LANG", "C", "JAVA_HOME", java));
    }
}
