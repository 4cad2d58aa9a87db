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
            "Makes one HTML page of finished runs: verdicts, figures, tables, every run.",
            "It needs no network, on a phone and on paper neither."
        },
        footer = {
            "",
            "Examples:",
            "  caadam report runs/quickstart",
            "  caadam report runs/quickstart --baseline SGD --out report.html"
        })
final class ReportCommand implements Callable<Integer> {

    private static final String PAGE = "report.html";

    @Spec private CommandSpec spec;

    @Mixin private RunsArgument runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page to write (default: DIR/report.html).")
    private Path out;

    @Mixin private BaselineOption baseline;

    @Override
    public Integer call() throws IOException {
        Path page = out == null ? runs.beside(PAGE) : out;
        if (Files.isDirectory(page)) {
            throw new IllegalArgumentException(
                    "--out takes a file and "
                            + page
                            + " is a directory; name a file in it, such as "
                            + page.resolve(PAGE)
                            + ".");
        }
        ReportInput read = ReportInput.read(runs.path());
        ReportInput input = read.with(baseline.of(read.runs()));
        HtmlReport.write(input, page);
        PrintWriter output = spec.commandLine().getOut();
        int count = input.runs().rows().size();
        output.println("report of " + count + (count == 1 ? " run: " : " runs: ") + page);
        output.flush();
        return 0;
    }
}
