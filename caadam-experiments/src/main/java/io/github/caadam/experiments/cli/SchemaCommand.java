// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.study.StudySchema;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caadam schema}. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a JSON Schema of studies, with which an editor completes and checks them.",
            "With the YAML extension of an editor, begin a study with the line",
            "  # yaml-language-server: $schema=study.schema.json"
        },
        footer = {"", "Example:", "  caadam schema > study.schema.json"})
final class SchemaCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private PluginOptions plugins;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(StudySchema.of(plugins.catalog(spec.commandLine().getErr())).toPrettyString());
        out.flush();
        return 0;
    }
}
