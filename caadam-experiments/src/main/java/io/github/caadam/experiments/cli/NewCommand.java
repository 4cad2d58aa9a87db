// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.TableSketch;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam new}. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes a study of a table of yours: what is found in it, and a fair comparison to"
                    + " begin with. A file that is there is never overwritten."
        },
        footer = {
            "",
            "Examples:",
            "  caadam new houses.csv",
            "  caadam new houses.csv --target price"
        })
final class NewCommand implements Callable<Integer> {

    private static final String TEMPLATE = "/studies/new-study.txt";

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "DATA.csv",
            description = "The table: a text file with one row a line, such as CSV.")
    private Path table;

    @Option(
            names = "--target",
            paramLabel = "COLUMN",
            description = "The column to predict, by its name or its number (default: the last).")
    private String target;

    @Option(
            names = "--out",
            paramLabel = "FILE.yaml",
            description = "The study to write (default: the table's name, with .yaml).")
    private Path out;

    @Override
    public Integer call() throws IOException {
        String name = studyName(table);
        Path study = out == null ? Path.of(name + ".yaml") : out;
        if (Files.exists(study)) {
            throw new IOException(
                    study + " is there already. Name another file by --out, or delete it.");
        }
        TableSketch sketch = TableSketch.of(table, Optional.ofNullable(target));
        DataSplit data = sketch.load(DataDirectories.of(Optional.empty()));
        String text = text(sketch, name, study);
        try {
            Files.writeString(study, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(study + " is there already. Name another file by --out.", e);
        }
        spec.commandLine()
                .getOut()
                .printf(
                        "%s: %,d training and %,d test rows, %,d features, %s.%n"
                                + "Read it, change what is not meant so, then: caadam plan %s%n",
                        study,
                        data.trainRows(),
                        data.testRows(),
                        data.sampleShape().size(),
                        sketch.task() == Task.REGRESSION
                                ? "regression"
                                : data.outputs() + " classes",
                        study);
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** The table's name without its endings, of the letters that a study's name may have. */
    private static String studyName(Path table) {
        String name =
                String.valueOf(table.getFileName())
                        .replaceFirst("(?i)(\\.(csv|tsv|txt|dat|data))?(\\.gz)?$", "")
                        .replaceAll("[^A-Za-z0-9._-]+", "-")
                        .replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
        return name.isEmpty() ? "my-study" : name;
    }

    private String text(TableSketch sketch, String name, Path study) throws IOException {
        boolean regression = sketch.task() == Task.REGRESSION;
        Path folder = study.toAbsolutePath().normalize().getParent();
        Path absolute = table.toAbsolutePath().normalize();
        String path =
                folder.getRoot().equals(absolute.getRoot())
                        ? folder.relativize(absolute).toString().replace('\\', '/')
                        : absolute.toString();
        Map<String, String> values =
                Map.of(
                        "file", String.valueOf(study),
                        "name", TableSketch.scalar(name),
                        "description", TableSketch.scalar("Optimizers on " + table.getFileName()),
                        "data", sketch.yaml(name, path),
                        "batch-size",
                                sketch.rows() < 5_000
                                        ? "32"
                                        : sketch.rows() < 50_000 ? "64" : "256",
                        "metric", regression ? "rmse" : "accuracy",
                        "also", regression ? "mae" : "log-loss");
        String text;
        try (InputStream in = NewCommand.class.getResourceAsStream(TEMPLATE)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue());
        }
        return text;
    }
}
