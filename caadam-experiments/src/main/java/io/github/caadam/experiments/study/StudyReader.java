// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Spelling;
import io.github.caadam.experiments.results.Utf8Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads studies from YAML. A file looks like
 *
 * <pre>
 * format: 1
 * name: my-study
 * description: What it is for
 * data: [friedman1]
 * models:
 *   - mlp:64-32
 *   - {name: mlp:1024-256-64-16, seeds: 5}     # fewer seeds than the others
 * optimizers:
 *   - {name: sgd, label: SGD, options: {momentum: 0.9}, tune: {learning-rate: [0.01, 0.1]}}
 *   - {name: lion, grid: {learning-rate: [0.0001, 0.001]}}
 * tuning: {seeds: 3}
 * protocol: {batch-size: 64, epochs: 200, early-stopping: {patience: 20}}
 * seeds: 30
 * </pre>
 *
 * docs/studies.md says what all keys mean. A file is refused for a key that is not known or given
 * twice, and for a value of another type: {@code seeds: 2.9} is no whole number.
 */
public final class StudyReader {

    private static final String FOLDER = "/studies/";

    private static final List<String> BUILT_IN = index();

    private static final long MOST_BYTES = 1 << 20;

    private StudyReader() {}

    private static List<String> index() {
        try (InputStream in = StudyReader.class.getResourceAsStream(FOLDER + "index.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the names of the studies that come with the suite.
     *
     * @return the names
     */
    public static List<String> builtIn() {
        return BUILT_IN;
    }

    /**
     * Reads a study.
     *
     * @param nameOrFile the name of a study that comes with the suite, or a YAML file (ending in
     *     {@code .yaml} or {@code .yml})
     * @param catalog what its components are looked up in
     * @return the study
     * @throws IOException if the file cannot be read or is not a study; the message says where, by
     *     line and column, and what is allowed there
     * @throws IllegalArgumentException if there is no study of that name; the message lists the
     *     valid names
     */
    public static Study read(String nameOrFile, Catalog catalog) throws IOException {
        if (nameOrFile.endsWith(".yaml") || nameOrFile.endsWith(".yml")) {
            Path file = Path.of(nameOrFile);
            if (!Files.isRegularFile(file)) {
                throw new IOException("There is no file " + file + ".");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException(
                        file + " has more than " + MOST_BYTES + " bytes, which no study needs.");
            }
            try {
                return parse(
                        Utf8Text.read(file),
                        nameOrFile,
                        catalog,
                        file.toAbsolutePath().getParent());
            } catch (CharacterCodingException e) {
                throw new IOException(file + " is not text in UTF-8.", e);
            }
        }
        if (!BUILT_IN.contains(nameOrFile)) {
            String hint = Spelling.hint(nameOrFile, BUILT_IN);
            throw new IllegalArgumentException(
                    "Unknown study \""
                            + nameOrFile
                            + "\"; valid are: "
                            + String.join(", ", BUILT_IN)
                            + ", or a file ending in .yaml"
                            + (hint.isEmpty() ? "." : hint));
        }
        String resource = FOLDER + nameOrFile + ".yaml";
        try (InputStream in = StudyReader.class.getResourceAsStream(resource)) {
            return parse(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    resource,
                    catalog,
                    Path.of(""));
        }
    }

    private static Study parse(String text, String origin, Catalog catalog, Path folder)
            throws IOException {
        return new StudyFile(YamlTree.read(text, origin), catalog, folder).study();
    }
}
