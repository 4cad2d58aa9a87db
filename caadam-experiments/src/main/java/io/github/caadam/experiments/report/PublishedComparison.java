// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Runs beside published numbers.
 *
 * @param table a line for each published configuration that there are runs of
 * @param summary how many agree, in sentences
 * @since 0.1.0
 */
public record PublishedComparison(ResultTable table, List<String> summary) {

    /** Copies the sentences. */
    public PublishedComparison {
        summary = List.copyOf(summary);
    }

    /**
     * Finds the numbers of a publication.
     *
     * @param publication its name
     * @return the numbers, if they are on the class path
     */
    public static Optional<PublishedNumbers> numbers(String publication) {
        return ServiceLoader.load(PublishedNumbers.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.name().equals(publication))
                .findFirst();
    }

    /**
     * Holds all runs of a study against published numbers.
     *
     * @param runs the runs
     * @param numbers the numbers
     * @return a comparison for each group of runs that has published counterparts; may be none
     */
    public static List<PublishedComparison> of(StudyRuns runs, PublishedNumbers numbers) {
        return TableWriter.suffixes(runs).entrySet().stream()
                .map(group -> numbers.compare(group.getKey(), group.getValue()))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Prints the comparison and its summary.
     *
     * @return the text
     */
    public String toText() {
        return PlainText.of(table) + "\n" + String.join("\n", summary) + "\n";
    }

    /**
     * Writes the comparison as {@code .csv}, {@code .md} and {@code .tex}.
     *
     * @param directory where to; created if missing
     * @return the files
     * @throws IOException if one cannot be written
     */
    public List<Path> write(Path directory) throws IOException {
        String list = summary.stream().map(line -> "- " + line).collect(Collectors.joining("\n"));
        return TableWriter.write(table, list, directory);
    }
}
