// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the README to the consumer project that the build compiles and runs. */
class ReadmeTest {

    private static final Path README = Path.of("../README.md");
    private static final Path EXAMPLE = Path.of("src/it/consumer/src/main/java/Example.java");

    @Test
    void exampleIsTheFileThatTheConsumerRuns() throws IOException {
        String example = Files.readString(EXAMPLE);

        assertThat(README).content().contains("\n```java\n" + example + "```\n");
        assertThat(example.lines()).hasSizeLessThan(40);
    }
}
