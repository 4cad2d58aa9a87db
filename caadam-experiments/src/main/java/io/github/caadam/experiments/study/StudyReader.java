// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.results.Utf8Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads studies from YAML. A file looks like
 *
 * <pre>
 * name: my-study
 * description: What it is for
 * dataset: california-housing
 * models:
 *   - mlp:64-32
 *   - {name: mlp:1024-256-64-16, runs: 5}      # optional, fewer seeds than the others
 * optimizers:
 *   - adam
 *   - {name: caadam:multiplicative, gamma: 2.0, convention: paper, learning-rate: 0.002}
 *   - {name: caadam:multiplicative, factors: averaged}      # see FactorControl
 * protocol: notebook
 * max-epochs: 50          # optional, counts as a reduction
 * train-rows: 5000        # optional, the first rows only, counts as a reduction
 * execution: eager        # optional; compiled where it is not given
 * runs: 30
 * </pre>
 *
 * A study that compares optimizers at their own best learning rates has optimizers such as
 *
 * <pre>
 *   - {name: adam, learning-rate: tuned}
 * </pre>
 *
 * and says what is tried, with how many seeds:
 *
 * <pre>
 * tune: {learning-rates: [0.0005, 0.001, 0.002, 0.005], runs: 5}
 * </pre>
 *
 * An optimizer may have the rate that was chosen for another one, and fewer seeds than the others:
 *
 * <pre>
 *   - {name: caadam:log-normal, learning-rate: {tuned-as: adam}}
 *   - {name: adam, learning-rate: tuned, runs: 30}
 * </pre>
 *
 * Several data sets are listed as {@code datasets}. A model or an optimizer is a name or a map of a
 * name and options; what is not given comes from the protocol. A file is refused for a key that is
 * not known or given twice, and for a value of another type: {@code runs: 2.9} is no whole number.
 */
public final class StudyReader {

    private static final List<String> BUILT_IN =
            List.of(
                    "quickstart",
                    "california-notebook",
                    "california-paper",
                    "figures",
                    "california-controls",
                    "california-tuned",
                    "california-size",
                    "california-sensitivity",
                    "friedman-size",
                    "images-notebook",
                    "images-paper",
                    "images-cpu",
                    "images-controls",
                    "images-fair");

    private static final long MOST_BYTES = 1 << 20;

    private StudyReader() {}

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
     * @return the study
     * @throws IOException if the file cannot be read or is not a study; the message says where, by
     *     line and column, and what is allowed there
     * @throws IllegalArgumentException if there is no study of that name; the message lists the
     *     valid names
     */
    public static Study read(String nameOrFile) throws IOException {
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
                return parse(Utf8Text.read(file), nameOrFile);
            } catch (CharacterCodingException e) {
                throw new IOException(file + " is not text in UTF-8.", e);
            }
        }
        if (!BUILT_IN.contains(nameOrFile)) {
            throw new IllegalArgumentException(
                    "Unknown study \""
                            + nameOrFile
                            + "\"; valid are: "
                            + String.join(", ", BUILT_IN)
                            + ", or a file ending in .yaml.");
        }
        String resource = "/studies/" + nameOrFile + ".yaml";
        try (InputStream in = StudyReader.class.getResourceAsStream(resource)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        }
    }

    private static Study parse(String text, String origin) throws IOException {
        return new StudyFile(YamlTree.read(text, origin)).study();
    }
}
