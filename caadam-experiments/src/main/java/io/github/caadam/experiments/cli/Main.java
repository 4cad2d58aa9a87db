// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.results.StoreException;
import io.github.caadam.experiments.training.NetworkTraining;
import io.github.caadam.training.FusedTrainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** The command line {@code caadam}. */
@Command(
        name = "caadam",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Compares optimizers, networks and protocols on DJL, honestly.",
        subcommands = {
            ListCommand.class,
            InspectCommand.class,
            DataCommand.class,
            NewCommand.class,
            SchemaCommand.class,
            PlanCommand.class,
            RunCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            CollectCommand.class,
            MigrateCommand.class,
            WorkerCommand.class,
            TablesCommand.class,
            FiguresCommand.class,
            CompareCommand.class,
            ReportCommand.class,
            BenchCommand.class,
            CompletionCommand.class
        },
        footer = {"", "Example:", "  caadam run quickstart"})
public final class Main {

    /** Some runs failed, or the program did. */
    static final int FAILED = ExitCode.SOFTWARE;

    /** Wrong usage or bad input. */
    static final int BAD_INPUT = ExitCode.USAGE;

    private Main() {}

    /**
     * Starts the command line.
     *
     * @param arguments the arguments
     */
    public static void main(String[] arguments) {
        setDefault("OPT_OUT_TRACKING", "true");
        // Commands that train set it again, from --threads.
        setDefault("ai.djl.pytorch.num_threads", "1");
        setDefault("ai.djl.pytorch.num_interop_threads", "1");
        // Figures go to files; without it, Java would look for a display.
        setDefault("java.awt.headless", "true");
        setDefault("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        // Epochs that take long, and why a network is trained eagerly.
        setDefault("org.slf4j.simpleLogger.log." + NetworkTraining.class.getName(), "info");
        // A run's record says how its epochs were executed.
        setDefault("org.slf4j.simpleLogger.log." + FusedTrainer.class.getName(), "error");
        System.exit(commandLine().execute(arguments));
    }

    /** Builds the command line; exit codes are 0 done, 1 some runs failed, 2 bad input. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler(Main::report);
    }

    /** A file may be larger than the memory; the message is that of what ran out. */
    private static int execute(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            String message =
                    "This takes more than the "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MB that Java may have; allow it more with -Xmx, in JAVA_OPTS or"
                            + " before -jar ("
                            + e.getMessage()
                            + ").";
            throw new CommandLine.ExecutionException(
                    parsed.commandSpec().commandLine(), message, new IOException(message, e));
        }
    }

    private static int report(
            Exception exception, CommandLine commandLine, CommandLine.ParseResult parsed)
            throws Exception {
        boolean badInput =
                exception instanceof IOException
                        || exception instanceof UncheckedIOException
                        || exception instanceof IllegalArgumentException;
        if (!badInput) {
            throw exception;
        }
        commandLine
                .getErr()
                .println(
                        commandLine
                                .getColorScheme()
                                .errorText("caadam: " + text(exception) + localeHint(exception)));
        return exception instanceof StoreException ? FAILED : BAD_INPUT;
    }

    /**
     * Java names files by the locale; what it has no letter for, it reads as a question mark. One
     * at the end asks what was meant.
     */
    private static String localeHint(Exception exception) {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        boolean lost =
                exception instanceof InvalidPathException
                        || String.valueOf(exception.getMessage()).matches("(?s).*[?\uFFFD].+");
        return lost && !encoding.equals("UTF-8")
                ? " This Java names files in "
                        + encoding
                        + ", by the locale; for other letters, start it with LC_ALL=C.UTF-8, or by"
                        + " scripts/caadam."
                : "";
    }

    private static String text(Exception exception) {
        if (exception instanceof FileSystemException e && e.getReason() == null) {
            return reason(e) + ": " + e.getFile() + ".";
        }
        return exception.getMessage() == null ? exception.toString() : exception.getMessage();
    }

    /** Words for the failures of a file system whose message is the name of the file alone. */
    private static String reason(FileSystemException exception) {
        if (exception instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (exception instanceof NoSuchFileException) {
            return "There is no such file";
        }
        if (exception instanceof FileAlreadyExistsException) {
            return "A file is in the way";
        }
        return exception.getClass().getSimpleName();
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Prints the version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"caadam " + (version == null ? "(not packaged)" : version)};
        }
    }
}
