// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.execution.Progress;
import io.github.caadam.experiments.results.StoreException;
import io.github.caadam.experiments.training.NetworkTraining;
import io.github.caadam.training.FusedTrainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

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

    /** The system property of how much is logged. */
    static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Also say what is decided on the way; of errors, print stack traces.")
    private boolean verbose;

    @Option(
            names = "--quiet",
            scope = ScopeType.INHERIT,
            description = "Draw no progress, and print no tables of what is run; errors stay.")
    private boolean quiet;

    private Main() {}

    /** Returns the options of the whole command line. */
    static Main of(CommandSpec command) {
        return (Main) command.root().userObject();
    }

    /** Returns whether more is printed than usual. */
    boolean isVerbose() {
        return verbose;
    }

    /** Returns whether less is printed than usual. */
    boolean isQuiet() {
        return quiet;
    }

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
        setDefault(LOG_LEVEL, "warn");
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
                .setUsageHelpAutoWidth(true)
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                isColorless()
                                        ? CommandLine.Help.Ansi.OFF
                                        : CommandLine.Help.Ansi.AUTO))
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionStrategy(Main::execute)
                .setExecutionExceptionHandler(Main::report);
    }

    /** See no-color.org. */
    private static boolean isColorless() {
        String wish = System.getenv("NO_COLOR");
        return wish != null && !wish.isEmpty();
    }

    /** One sentence and where to look; the whole help would hide it. */
    private static int refuse(CommandLine.ParameterException exception, String... arguments) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText("caadam: " + exception.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(exception, err);
        err.println("See \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        return BAD_INPUT;
    }

    /** A file may be larger than the memory; the message is that of what ran out. */
    private static int execute(CommandLine.ParseResult parsed) {
        Main main = of(parsed.commandSpec());
        if (main.verbose) {
            System.setProperty(LOG_LEVEL, "info");
        }
        System.setProperty(Progress.QUIET, String.valueOf(main.quiet));
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
            Exception exception, CommandLine commandLine, CommandLine.ParseResult parsed) {
        boolean badInput =
                exception instanceof IOException
                        || exception instanceof UncheckedIOException
                        || exception instanceof IllegalArgumentException;
        boolean verbose = of(parsed.commandSpec()).verbose;
        String message =
                badInput
                        ? text(exception) + localeHint(exception)
                        : "This is a fault of the program: "
                                + exception
                                + (verbose ? "" : " With --verbose, it says where.");
        commandLine.getErr().println(commandLine.getColorScheme().errorText("caadam: " + message));
        if (verbose) {
            exception.printStackTrace(commandLine.getErr());
        }
        return badInput && !(exception instanceof StoreException) ? BAD_INPUT : FAILED;
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
