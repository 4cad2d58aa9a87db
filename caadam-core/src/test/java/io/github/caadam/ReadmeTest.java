// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the README and the library's page to the consumer project that the build compiles and runs.
 */
class ReadmeTest {

    private static final Path README = Path.of("../README.md");
    private static final Path LIBRARY = Path.of("../docs/library.md");
    private static final Path SOURCES = Path.of("src/it/consumer/src/main/java");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)\n *```", Pattern.DOTALL);

    @Test
    void exampleIsTheFileThatTheConsumerRuns() throws IOException {
        String example = Files.readString(SOURCES.resolve("Example.java"));

        assertThat(README).content().contains("\n```java\n" + example + "```\n");
        assertThat(example.lines()).hasSizeLessThan(40);
    }

    @Test
    void everyPartOfAProgramIsOneThatTheConsumerCompiles() throws IOException {
        String compiled =
                unindented(Files.readString(SOURCES.resolve("Example.java")))
                        + unindented(Files.readString(SOURCES.resolve("Snippets.java")));
        List<String> shown =
                JAVA.matcher(Files.readString(README) + Files.readString(LIBRARY))
                        .results()
                        .map((MatchResult block) -> unindented(block.group(1)))
                        .toList();

        assertThat(shown).hasSizeGreaterThan(4).allSatisfy(s -> assertThat(compiled).contains(s));
    }

    private static String unindented(String text) {
        return text.lines().map(line -> line.strip() + '\n').collect(Collectors.joining());
    }
}
