// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every command of docs/studies.md, in its order, in an empty directory. */
class StudiesPageTest {

    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    /** What makes the page's study small enough for a test. */
    private static final List<String> SMALL = List.of("--runs", "2");

    @TempDir private Path directory;

    @Test
    void everyCommandDoesWhatThePageSays() throws IOException, InterruptedException {
        Matcher blocks = SHELL.matcher(Files.readString(Path.of("../docs/studies.md")));
        List<String> commands =
                blocks.results()
                        .map((MatchResult block) -> block.group(1))
                        .flatMap(String::lines)
                        .toList();

        assertThat(commands).hasSizeGreaterThan(4).allMatch(one -> one.startsWith("caadam "));
        for (String command : commands) {
            run(command);
            shorten();
        }
        assertThat(directory.resolve("report.html")).isNotEmptyFile();
        assertThat(directory.resolve("runs/table/runs.csv")).content().contains("finished");
    }

    /** The study that "new" wrote, with few epochs. */
    private void shorten() throws IOException {
        Path study = directory.resolve("table.yaml");
        if (Files.exists(study)) {
            String text = Files.readString(study);
            Files.writeString(study, text.replaceFirst("epochs: \\d+", "epochs: 4"));
        }
    }

    private void run(String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        words.addAll(List.of("-cp", absoluteClassPath(), Main.class.getName()));
        words.addAll(List.of(command.substring("caadam ".length()).trim().split("\\s+", -1)));
        if (words.contains("run")) {
            words.addAll(SMALL);
        }
        Path log = directory.resolve("log.txt");
        Process process =
                new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();

        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(command).isTrue();
        assertThat(process.exitValue()).as("%s%n%s", command, Files.readString(log)).isZero();
    }

    private static String absoluteClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry :
                System.getProperty("java.class.path")
                        .split(Pattern.quote(File.pathSeparator), -1)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
