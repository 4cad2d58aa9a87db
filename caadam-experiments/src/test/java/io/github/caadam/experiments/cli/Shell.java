// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** Commands as a user enters them. */
final class Shell {

    private Shell() {}

    /** Writes a jar that starts the suite as it is in this process. */
    static void writeJar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        try (OutputStream out = Files.newOutputStream(file)) {
            new JarOutputStream(out, manifest).close();
        }
    }

    /**
     * Runs a command by {@code sh} to its end, whatever its exit code.
     *
     * @param directory where; a file {@code printed} comes to lie there
     * @param command the command
     * @param environment variables beside those of this process
     * @return what it printed, errors included
     */
    static String run(Path directory, String command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path log = directory.resolve("printed");
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.start().waitFor();
        return Files.readString(log);
    }
}
