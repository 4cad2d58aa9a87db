// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How this process starts another one on its Java, its class path and its options. */
public final class JavaCommand {

    /** Options of a JVM that a second one cannot have, too, as they take a port. */
    private static final List<String> FOR_ONE_JVM =
            List.of("-agentlib:jdwp", "-Xrunjdwp", "-Dcom.sun.management.jmxremote");

    /** Where a JVM finds options beside its command line. Its own list of options has them all. */
    private static final List<String> MORE_OPTIONS =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private JavaCommand() {}

    /**
     * Builds a process.
     *
     * @param inherits whether it has the options of this JVM, too
     * @param options its own options, of which those that this JVM has as well count
     * @param arguments the main class and its arguments
     * @return the builder of a process that is not started yet
     */
    static ProcessBuilder builder(boolean inherits, List<String> options, List<String> arguments) {
        List<String> before = new ArrayList<>(options);
        if (inherits) {
            before.addAll(inherited());
        }
        return builder(before, arguments, inherits);
    }

    /**
     * Builds a process that has the options of this JVM, and some of its own that count before
     * them.
     *
     * @param options its own options
     * @param arguments the main class and its arguments
     * @return the builder of a process that is not started yet
     */
    public static ProcessBuilder overriding(List<String> options, List<String> arguments) {
        List<String> all = inherited();
        all.addAll(options);
        return builder(all, arguments, true);
    }

    private static ProcessBuilder builder(
            List<String> options, List<String> arguments, boolean inherits) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        if (inherits) {
            builder.environment().keySet().removeAll(MORE_OPTIONS);
        }
        return builder;
    }

    /** Returns those options of this JVM that a second one can have, too. */
    private static List<String> inherited() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> FOR_ONE_JVM.stream().noneMatch(option::startsWith))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /**
     * Returns where this process has the suite from. Spark gives programs, on its driver and its
     * executors, a class loader of their own; a worker is to have what is theirs, not Spark's.
     */
    private static String classPath() {
        if (JavaCommand.class.getClassLoader() instanceof URLClassLoader program) {
            return Stream.of(program.getURLs())
                    .map(url -> Path.of(URI.create(url.toString())).toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }
}
