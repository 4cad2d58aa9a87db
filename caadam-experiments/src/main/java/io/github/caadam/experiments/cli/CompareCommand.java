// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.report.PublishedComparison;
import io.github.caadam.experiments.report.PublishedNumbers;
import io.github.caadam.experiments.report.StudyComparisonReport;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Holds a study against another one, against a CSV file of means, or against the"
                    + " published numbers.",
            "",
            "Two studies are compared cell by cell: what differs in how they were made, then for"
                    + " each network and optimizer whether the first is better, worse or, within a"
                    + " margin, equivalent. A file of means has the columns architecture,"
                    + " optimizer, strategy, n and, of a metric such as rmse, rmse and rmse_std."
        },
        footer = {
            "",
            "Examples:",
            "  caadam compare runs/mine runs/theirs --margin 0.01",
            "  caadam compare runs/mine published.csv",
            "  caadam compare --paper runs/quickstart"
        })
final class CompareCommand implements Callable<Integer> {

    private static final String PAPER = "paper";

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "1..2",
            paramLabel = "FILE|DIR",
            description =
                    "Two studies, each a directory or a runs.csv; the second one may be a CSV file"
                            + " of means. With --paper, one study.")
    private List<Path> studies;

    @Option(
            names = "--margin",
            paramLabel = "VALUE",
            description =
                    "The largest difference of two studies that counts as none, in the unit of the"
                            + " metric (default: the one that a study fixed; without one nothing"
                            + " is called equivalent).")
    private Double margin;

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
        if (paper) {
            if (studies.size() != 1) {
                throw wrong("--paper takes the place of the second study; name one.");
            }
            if (margin != null) {
                throw wrong("--margin is for two studies; the paper is compared without one.");
            }
            return comparePaper();
        }
        if (studies.size() != 2) {
            throw wrong("Say what to compare with: a second study, a file of means, or --paper.");
        }
        if (margin != null && !(margin > 0 && Double.isFinite(margin))) {
            throw wrong("--margin must be above 0 and finite, found " + margin + ".");
        }
        StudyComparisonReport report =
                ComparedStudies.compare(
                        studies.get(0), studies.get(1), Optional.ofNullable(margin));
        PrintWriter output = spec.commandLine().getOut();
        output.println(report.toText());
        if (out != null) {
            report.write(out).forEach(file -> output.println("table: " + file));
        }
        output.flush();
        return 0;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private int comparePaper() throws IOException {
        PublishedNumbers numbers =
                PublishedComparison.numbers(PAPER)
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "The paper's numbers are not on the class path."));
        List<PublishedComparison> comparisons =
                PublishedComparison.of(StudyRuns.read(studies.get(0)), numbers);
        if (comparisons.isEmpty()) {
            throw new IOException(
                    "The paper has no counterpart of the runs in "
                            + studies.get(0)
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
