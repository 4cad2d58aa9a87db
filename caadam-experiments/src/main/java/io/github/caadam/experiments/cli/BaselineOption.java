// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.List;
import picocli.CommandLine.Option;

/** What the others are compared with, in commands that compare. */
final class BaselineOption {

    @Option(
            names = "--baseline",
            paramLabel = "LABEL",
            description =
                    "What the others are compared with, by its label in the tables (default: what"
                            + " the study says; else its first optimizer without options).")
    private String baseline;

    /** Returns the runs as they are to be compared. */
    StudyRuns of(StudyRuns runs) {
        if (baseline == null) {
            return runs;
        }
        List<String> labels =
                runs.lines().stream()
                        .map(Configuration::of)
                        .map(Configuration::label)
                        .distinct()
                        .toList();
        if (!labels.contains(baseline)) {
            throw new IllegalArgumentException(
                    "No run is of \""
                            + baseline
                            + "\"; --baseline takes one of: "
                            + String.join("; ", labels)
                            + ".");
        }
        return runs.comparedBy(runs.compare().withBaseline(baseline));
    }
}
