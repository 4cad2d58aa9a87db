// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.dataset.FileDataset;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Which data sets that consist of files a command is about. */
final class DatasetNames {

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            completionCandidates = Candidates.class,
            description = "Which data sets: ${COMPLETION-CANDIDATES}. All if none is named.")
    private List<String> names = List.of();

    /**
     * Returns the data sets.
     *
     * @throws IllegalArgumentException if a name is that of no data set that consists of files
     */
    List<FileDataset> datasets() {
        return names.isEmpty()
                ? all()
                : names.stream().distinct().map(DatasetNames::named).toList();
    }

    private static List<FileDataset> all() {
        return Catalog.ofSuite().entries(Kind.DATA).stream()
                .map(Catalog.Entry::factory)
                .filter(FileDataset.class::isInstance)
                .map(FileDataset.class::cast)
                .toList();
    }

    private static FileDataset named(String name) {
        return all().stream()
                .filter(dataset -> dataset.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown data set of files \""
                                                + name
                                                + "\"; valid are: "
                                                + String.join(
                                                        ", ",
                                                        all().stream()
                                                                .map(FileDataset::name)
                                                                .toList())
                                                + "."));
    }

    /** The names that are valid. */
    static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return all().stream().map(FileDataset::name).iterator();
        }
    }
}
