// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.figure.FigureInput;
import io.github.caadam.experiments.figure.Figures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caadam figures}. */
@Command(
        name = "figures",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes figures of finished runs, as PNG, SVG and CSV: loss by epoch, effect sizes"
                    + " against the baseline and, where an optimizer was run at several, learning"
                    + " rates.",
            "The factors of a network are drawn by \"caadam inspect --figure\"."
        },
        footer = {"", "Example:", "  caadam figures runs/quickstart"})
final class FiguresCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private RunsArgument runs;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the figures go; created if missing (default: DIR/figures).")
    private Path out;

    @Mixin private BaselineOption baseline;

    @Override
    public Integer call() throws IOException {
        FigureInput input = FigureInput.read(runs.path());
        Figures.Written written =
                Figures.write(
                        new FigureInput(
                                baseline.of(input.study()), input.curves(), input.missing()),
                        out == null ? runs.beside("figures") : out);
        if (written.files().isEmpty()) {
            throw new IOException(String.join(" ", written.notes()));
        }
        PrintWriter output = spec.commandLine().getOut();
        written.files().forEach(file -> output.println("figure: " + file));
        output.flush();
        PrintWriter error = spec.commandLine().getErr();
        written.notes().forEach(error::println);
        error.flush();
        return 0;
    }
}
