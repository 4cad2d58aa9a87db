// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.report.html.HtmlReport;
import io.github.caadam.experiments.report.html.ReportInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caadam report}. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Makes one HTML page of finished runs: summary, tables, figures, every run.",
            "It needs no network, on a phone and on paper neither."
        },
        footer = {
            "",
            "Examples:",
            "  caadam report --runs runs/quickstart --out report.html",
            "  caadam report --runs runs/quickstart --baseline SGD --out report.html"
        })
final class ReportCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--runs",
            paramLabel = "FILE|DIR",
            required = true,
            description =
                    "The directory of a study, as \"caadam run --out\" names it, for loss curves"
                            + " and what is missing; or its runs.csv alone.")
    private Path runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The page to write.")
    private Path out;

    @Mixin private BaselineOption baseline;

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(out)) {
            throw new IllegalArgumentException(
                    "--out takes a file and "
                            + out
                            + " is a directory; name a file in it, such as "
                            + out.resolve("report.html")
                            + ".");
        }
        ReportInput read = ReportInput.read(runs);
        ReportInput input =
                new ReportInput(baseline.of(read.runs()), read.provenance(), read.losses());
        HtmlReport.write(input, out);
        PrintWriter output = spec.commandLine().getOut();
        int count = input.runs().rows().size();
        output.println("report of " + count + (count == 1 ? " run: " : " runs: ") + out);
        output.flush();
        return 0;
    }
}
