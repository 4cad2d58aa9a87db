// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.report.TableWriter;
import io.github.caadam.experiments.results.StoreLayout;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caadam tables}. */
@Command(
        name = "tables",
        mixinStandardHelpOptions = true,
        description =
                "Makes tables of finished runs, as CSV, LaTeX and Markdown: means, differences from"
                        + " the baseline, effect sizes, verdicts, profiles, training times.",
        footer = {"", "Example:", "  caadam tables runs/quickstart"})
final class TablesCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private RunsArgument runs;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the tables go; created if missing (default: DIR/tables).")
    private Path out;

    @Mixin private BaselineOption baseline;

    @Override
    public Integer call() throws IOException {
        StudyRuns study = baseline.of(StudyRuns.read(runs.path()));
        PrintWriter output = spec.commandLine().getOut();
        TableWriter tables = new TableWriter(study);
        output.println(tables.toText());
        tables.write(out == null ? runs.beside(StoreLayout.TABLES) : out)
                .forEach(file -> output.println("table: " + file));
        output.flush();
        return 0;
    }
}
