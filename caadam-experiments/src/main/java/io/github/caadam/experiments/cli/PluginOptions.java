// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Plugins;
import io.github.caadam.experiments.execution.WorkerServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The jars that bring components of a user's own. */
final class PluginOptions {

    @Option(
            names = "--plugins",
            paramLabel = "JAR|DIR",
            split = ",",
            description =
                    "Jars with optimizers, networks, data, metrics or schedules of your own, or"
                            + " directories of such jars. They are code that you run.")
    private List<Path> places = List.of();

    private Plugins plugins = Plugins.none();

    /**
     * Loads these jars and others.
     *
     * @param more the others
     * @return the components of the suite and of the jars
     */
    Catalog catalogWith(List<Path> more) throws IOException {
        List<Path> all = new ArrayList<>(places);
        all.addAll(more);
        plugins = Plugins.load(all);
        plugins.install();
        return Catalog.of(plugins);
    }

    /** Returns what is wrong with the jars. */
    List<String> warnings() {
        return plugins.warnings();
    }

    /**
     * Loads the jars, for all that this process does, and reports what is wrong with them.
     *
     * @param error where reports go
     * @return the components of the suite and of the jars
     */
    Catalog catalog(PrintWriter error) throws IOException {
        Catalog catalog = catalogWith(List.of());
        plugins.warnings().forEach(warning -> error.println("caadam: " + warning));
        error.flush();
        return catalog;
    }

    /** Returns the jars. */
    List<Plugins.Jar> jars() {
        return plugins.jars();
    }

    /** Returns the jars as another process takes them, with their digests. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (Plugins.Jar jar : plugins.jars()) {
            arguments.add(WorkerServer.PLUGIN);
            arguments.add(jar.toString());
        }
        return arguments;
    }
}
