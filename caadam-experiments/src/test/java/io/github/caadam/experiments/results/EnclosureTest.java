// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnclosureTest {

    private static final String[] PIECES = {
        "..", ".", "/", "a", "runs", "\0", "", "link", "\\", "etc", "..\\", "\u00f6", "~", ".json"
    };

    @TempDir private Path directory;

    private Path root;
    private Path outside;
    private Enclosure enclosure;

    @BeforeEach
    void putALinkIntoADirectory() throws IOException {
        root = Files.createDirectory(directory.resolve("store"));
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "kept");
        Files.createSymbolicLink(root.resolve("link"), outside);
        enclosure = new Enclosure(root);
    }

    @Test
    void noNamesLeadOut() throws IOException {
        Random random = new Random(3);
        int children = 0;
        for (int trial = 0; trial < 5_000; trial++) {
            String[] names = new String[1 + random.nextInt(3)];
            for (int i = 0; i < names.length; i++) {
                names[i] = PIECES[random.nextInt(PIECES.length)];
                names[i] += random.nextBoolean() ? PIECES[random.nextInt(PIECES.length)] : "";
            }
            try {
                Path child = enclosure.child(names);
                children++;
                assertThat(child.normalize()).isEqualTo(child).startsWithRaw(root);
                assertThat(child.getNameCount()).isEqualTo(root.getNameCount() + names.length);
                enclosure.directory(names);
                enclosure.delete(names);
            } catch (IOException e) {
                // Refused, or in the way of another one.
            }
            assertThat(outside.resolve("precious")).hasContent("kept");
            if (!Files.isSymbolicLink(root.resolve("link"))) {
                Files.createSymbolicLink(root.resolve("link"), outside);
            }
        }
        assertThat(children).isBetween(500, 4_500);
        try (Stream<Path> beside = Files.list(directory)) {
            assertThat(beside).containsExactlyInAnyOrder(root, outside);
        }
        try (Stream<Path> there = Files.list(outside)) {
            assertThat(there).hasSize(1);
        }
    }

    @Test
    void linksAreRefusedAndSaidSo() {
        assertThatIOException()
                .isThrownBy(() -> enclosure.child("link", "precious"))
                .withMessageContaining(root.resolve("link") + " is a link");
    }

    @Test
    void deletingALinkLeavesWhatItNames() throws IOException {
        Path checkpoint = enclosure.directory("checkpoints", "one");
        Files.createSymbolicLink(checkpoint.resolve("weights"), outside);

        enclosure.delete("checkpoints");
        enclosure.delete("link");
        enclosure.delete("nothing");

        assertThat(root).isEmptyDirectory();
        assertThat(outside.resolve("precious")).hasContent("kept");
    }

    @Test
    void onlyRegularFilesAreListed() throws IOException {
        Path runs = enclosure.directory("runs");
        Path file = Files.writeString(runs.resolve("a.json"), "{}");
        Files.createDirectory(runs.resolve("b.json"));
        Files.createSymbolicLink(runs.resolve("c.json"), outside.resolve("precious"));
        Files.writeString(runs.resolve("d.txt"), "");

        assertThat(enclosure.files(".json", "runs")).containsExactly(file);
        assertThat(enclosure.files(".json", "failed")).isEmpty();
    }

    @Test
    void theDirectoryItselfMayBeALink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("there"), root);

        assertThat(new Enclosure(link).directory("runs")).isDirectory();
        assertThat(root.resolve("runs")).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../../x",
                "a/b",
                "/etc",
                ".hidden",
                "-rf",
                "a b",
                "a\0",
                "a\n",
                "<script>",
                "=cmd|x",
                "\\input",
                "$HOME",
                "\u2028",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void namesThatAreNoPartOfAPathAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SafeName(name))
                .withMessageStartingWith("A name is of letters, digits and . _ + -")
                .withMessageMatching("[^\\x00-\\x1f]*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "california-notebook", "gr\u00f6\u00dfe_2.1+x", "\u6570\u636e", "9"})
    void namesOfAnyScriptAreTaken(String name) throws IOException {
        SafeName read = new ObjectMapper().readValue("\"" + name + "\"", SafeName.class);

        assertThat(read).isEqualTo(new SafeName(name));
        assertThat(new ObjectMapper().writeValueAsString(read)).isEqualTo("\"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0123456789ABCDEF",
                "0123456789abcde",
                "../3456789abcdef",
                "0123456789abcdef0"
            })
    void idsAreSixteenHexDigits(String id) {
        assertThat(SafeName.isRunId(id)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafeName.runId(id))
                .withMessageContaining("16 digits of 0-9 and a-f, found \"" + id + "\"");
        assertThat(SafeName.runId("0123456789abcdef")).hasToString("0123456789abcdef");
    }
}
