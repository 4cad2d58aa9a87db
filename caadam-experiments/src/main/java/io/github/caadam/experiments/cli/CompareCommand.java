// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.report.PublishedComparison;
import io.github.caadam.experiments.report.PublishedNumbers;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caadam compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Holds finished runs against the published numbers.",
        footer = {"", "Example:", "  caadam compare --paper --runs runs/quickstart"})
final class CompareCommand implements Callable<Integer> {

    private static final String PAPER = "paper";

    @Spec private CommandSpec spec;

    @Option(
            names = "--runs",
            paramLabel = "FILE|DIR",
            required = true,
            description = "The runs.csv of a study, or its directory.")
    private Path runs;

    @Option(names = "--paper", description = "With the paper's Tables I to IV, which are built in.")
    private boolean paper;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where the comparison goes, with every published number beside ours: CSV,"
                            + " LaTeX, Markdown (default: nowhere).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (!paper) {
            throw new ParameterException(
                    spec.commandLine(), "Say what to compare with; there is --paper.");
        }
        PublishedNumbers numbers =
                PublishedComparison.numbers(PAPER)
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "The paper's numbers are not on the class path."));
        List<PublishedComparison> comparisons =
                PublishedComparison.of(StudyRuns.read(runs), numbers);
        if (comparisons.isEmpty()) {
            throw new IOException(
                    "The paper has no counterpart of the runs in "
                            + runs
                            + "; it has "
                            + numbers.scope()
                            + ".");
        }
        PrintWriter output = spec.commandLine().getOut();
        for (PublishedComparison comparison : comparisons) {
            output.println(comparison.toText());
            if (out != null) {
                comparison.write(out).forEach(file -> output.println("table: " + file));
            }
        }
        output.flush();
        return 0;
    }
}
