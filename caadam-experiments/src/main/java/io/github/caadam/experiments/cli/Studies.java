// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.analysis.Publication;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Spelling;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import java.io.IOException;
import java.util.List;

/** Reads the studies that commands are given. */
final class Studies {

    private Studies() {}

    /**
     * Reads a study, and refuses one that is to be compared with results that nobody published.
     *
     * @param nameOrFile the name of a study that comes with the suite, or a YAML file
     * @param catalog what its components are looked up in
     * @throws IOException if the file cannot be read or is not a study
     * @throws IllegalArgumentException if there is no study of that name, or no publication of the
     *     name that it gives; the message lists the valid names
     */
    static Study read(String nameOrFile, Catalog catalog) throws IOException {
        Study study = StudyReader.read(nameOrFile, catalog);
        requirePublication(study, nameOrFile);
        return study;
    }

    private static void requirePublication(Study study, String nameOrFile) {
        String published = study.compare().published();
        List<String> known = Publication.all().stream().map(Publication::name).toList();
        if (published.isEmpty() || known.contains(published)) {
            return;
        }
        String hint = Spelling.hint(published, known);
        throw new IllegalArgumentException(
                nameOrFile
                        + ": there are no published results called \""
                        + published
                        + "\" to compare with; valid are: "
                        + String.join(", ", known)
                        + (hint.isEmpty() ? "." : hint));
    }
}
