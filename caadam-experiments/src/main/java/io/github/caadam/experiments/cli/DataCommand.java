// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.FileDataset;
import io.github.caadam.experiments.dataset.Friedman1;
import io.github.caadam.experiments.dataset.TableExport;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam data}. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Finds, downloads and verifies the data sets.",
        footer = {"", "Example:", "  caadam data status"})
final class DataCommand {

    @Spec private CommandSpec spec;

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Says where each data set is found.",
            footer = {"", "Example:", "  caadam data status --data-dir ~/data"})
    int status(@Mixin DataOptions options) {
        PrintWriter out = spec.commandLine().getOut();
        DataDirectories directories = options.directories();
        for (Catalog.Entry entry : Catalog.ofSuite().entries(Kind.DATA)) {
            Named data = entry.factory();
            out.printf("%-22s %s%n", data.name(), whereabouts(data, directories));
        }
        out.println("Looked in " + directories.searchPath());
        out.flush();
        return 0;
    }

    private static String whereabouts(Named dataset, DataDirectories directories) {
        if (dataset instanceof FileDataset files) {
            return files.locate(directories)
                    .map(Path::toString)
                    .orElseGet(
                            () ->
                                    "not found; \"caadam data fetch %s\" downloads it, %d MB"
                                            .formatted(files.name(), files.downloadMegabytes()));
        }
        if (dataset.options().stream().anyMatch(Option::isRequired)) {
            return "a file of yours, which a study names";
        }
        return dataset instanceof Friedman1 ? "built in" : "fetched by itself when a study uses it";
    }

    @Command(
            name = "fetch",
            mixinStandardHelpOptions = true,
            description = "Downloads the data sets that are not found into the user's cache.",
            footer = {"", "Examples:", "  caadam data fetch", "  caadam data fetch cifar10"})
    int fetch(@Mixin DataOptions options, @Mixin DatasetNames names) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (FileDataset dataset : names.datasets()) {
            out.printf("%-22s %s%n", dataset.name(), dataset.fetch(options.directories()));
            out.flush();
        }
        return 0;
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Reads the data sets that are found and checks their digests.",
            footer = {
                "",
                "Examples:",
                "  caadam data verify --data-dir ~/data",
                "  caadam data verify cifar10 fashion-mnist"
            })
    int verify(@Mixin DataOptions options, @Mixin DatasetNames names) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        DataDirectories directories = options.directories();
        int missing = 0;
        for (FileDataset dataset : names.datasets()) {
            if (dataset.locate(directories).isEmpty()) {
                missing++;
                spec.commandLine()
                        .getErr()
                        .println(dataset.name() + " was not found in " + directories.searchPath());
                continue;
            }
            DataSplit data = dataset.load(directories);
            out.printf(
                    "%-22s %d training and %d test rows, %s: %s%n",
                    dataset.name(),
                    data.trainRows(),
                    data.testRows(),
                    data.source(),
                    data.digest());
            out.flush();
        }
        return missing == 0 ? 0 : Main.BAD_INPUT;
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = {
                "Writes a data set of rows of features as CSV, to try with \"caadam new\". A file"
                        + " that is there is never overwritten."
            },
            footer = {"", "Example:", "  caadam data export friedman1 friedman.csv"})
    int export(
            @Mixin DataOptions options,
            @Parameters(paramLabel = "NAME", description = "The data set.") String name,
            @Parameters(paramLabel = "FILE.csv", description = "The file to write.") Path file)
            throws IOException {
        Component data = Catalog.ofSuite().named(Kind.DATA, name, Map.of());
        DataSplit split =
                data.factory(DataSource.class).load(options.directories(), data.options());
        TableExport.write(split, file);
        spec.commandLine()
                .getOut()
                .printf("%s: %,d rows%n", file, split.trainRows() + split.testRows());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
