// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.dataset.DatasetRegistry;
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
                ? DatasetRegistry.files()
                : names.stream().distinct().map(DatasetRegistry::fileByName).toList();
    }

    /** The names that are valid. */
    static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return DatasetRegistry.files().stream().map(FileDataset::name).iterator();
        }
    }
}
