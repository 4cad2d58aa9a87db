package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.execution.Shard;
import io.github.caadam.experiments.execution.StudyRunner;
import io.github.caadam.experiments.execution.WorkerProcesses;
import io.github.caadam.experiments.report.TableWriter;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import io.github.caadam.experiments.training.Execution;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a study and makes its tables.",
            "Runs that are there already are not made again: after an interruption, the same command"
                    + " goes on."
        },
        footer = {
            "",
            "Examples:",
            "  caadam run quickstart",
            "  caadam run california-notebook --only mlp:64-32 --runs 10 --workers 2",
            "  caadam run california-notebook --workers 2 --dry-run"
        })
final class RunCommand implements Callable<Integer> {

    /** The share of the seeds that a projection is made from. */
    private static final double SAMPLE = 0.05;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "STUDY",
            description = "The name of a study (see \"caadam list\") or a YAML file.")
    private String study;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results go (default: runs/STUDY).")
    private Path out;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Seeds per configuration (default: the study's).")
    private Integer runs;

    @Option(
            names = "--only",
            paramLabel = "FILTER",
            description = "Only these models and optimizers, such as mlp:64-32,adam.")
    private String only;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Processes side by side, one core each (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "Only the I-th of N parts of the runs, for several machines.")
    private String shard;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            description = "cpu or gpu (default: ${DEFAULT-VALUE}).")
    private DeviceKind device;

    @Option(
            names = "--dry-run",
            description =
                    "Only project the wall time. Makes the first 5 %% of the seeds (one at least)"
                            + " where they are missing, with these workers, and keeps them.")
    private boolean dryRun;

    @Option(
            names = "--eager",
            description =
                    "Execute operation by operation, rather than each epoch as one compiled program"
                            + " where that is possible; results differ by rounding.")
    private boolean eager;

    @Option(names = "--force", description = "Make runs again that are there already.")
    private boolean force;

    @Mixin private ThreadOptions threads;

    @Mixin private DataOptions data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        int settledThreads = threads.settle();
        Study chosen = StudyReader.read(study);
        chosen = only == null ? chosen : chosen.only(only);
        chosen = runs == null ? chosen : chosen.withRuns(runs);
        chosen = eager ? chosen.withExecution(Execution.EAGER) : chosen;
        if (workers < 1 || (workers > 1 && (force || shard != null))) {
            throw new IllegalArgumentException(
                    "--workers takes 1 or more, and more than 1 not together with --force or"
                            + " --shard.");
        }
        if (dryRun && (force || shard != null)) {
            throw new IllegalArgumentException(
                    "--dry-run does not go together with --force or --shard.");
        }
        Path directory = out == null ? Path.of("runs", chosen.name()) : out;
        return dryRun
                ? project(chosen, directory, settledThreads)
                : run(chosen, directory, settledThreads);
    }

    private int run(Study chosen, Path directory, int settledThreads)
            throws IOException, InterruptedException {
        StudyRunner runner = new StudyRunner(chosen, data.directories(), directory);
        int failed = make(runner, arguments(settledThreads));
        int code = report(runner.collect(), directory);
        return failed == 0 ? code : Main.FAILED;
    }

    private int project(Study chosen, Path directory, int settledThreads)
            throws IOException, InterruptedException {
        int seeds = (int) Math.ceil(chosen.runs() * SAMPLE);
        List<String> sample = arguments(settledThreads);
        sample.remove("--dry-run");
        remove("--runs", sample);
        sample.addAll(List.of("--runs", Integer.toString(seeds)));
        int failed =
                make(
                        new StudyRunner(chosen.withRuns(seeds), data.directories(), directory),
                        sample);
        PrintWriter output = spec.commandLine().getOut();
        output.println(new StudyRunner(chosen, data.directories(), directory).project(workers));
        output.println("Wall time, hours:minutes:seconds, from the runs in " + directory + ".");
        output.flush();
        return failed == 0 ? 0 : Main.FAILED;
    }

    /** Makes missing runs; returns how many failed, as far as that is known here. */
    private int make(StudyRunner runner, List<String> workerArguments)
            throws IOException, InterruptedException {
        if (workers > 1) {
            runner.runInWorkers(
                    new WorkerProcesses(Main.class.getName(), workerArguments, workers));
            return 0;
        }
        return runner.runHere(
                shard == null ? Shard.WHOLE : Shard.parse(shard), force, device.choose());
    }

    /** The arguments of this command, for a worker that makes a part of its runs. */
    private List<String> arguments(int settledThreads) {
        List<String> arguments =
                new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
        remove("--workers", arguments);
        remove("--threads", arguments);
        arguments.add("--threads");
        arguments.add(Integer.toString(settledThreads));
        return arguments;
    }

    private static void remove(String option, List<String> arguments) {
        int index = arguments.indexOf(option);
        if (index >= 0) {
            arguments.subList(index, index + 2).clear();
        }
        arguments.removeIf(argument -> argument.startsWith(option + "="));
    }

    private int report(StudyRunner.Summary summary, Path directory) throws IOException {
        PrintWriter output = spec.commandLine().getOut();
        PrintWriter error = spec.commandLine().getErr();
        if (!summary.rows().isEmpty()) {
            output.println(TableWriter.toText(summary.rows()));
            List<Path> files = TableWriter.write(summary.rows(), directory.resolve("tables"));
            output.println(summary.rows().size() + " runs: " + directory.resolve("runs.csv"));
            files.forEach(file -> output.println("table: " + file));
            output.flush();
        }
        summary.diverged().forEach(run -> error.println("diverged: " + run));
        if (summary.missing() > 0 && shard == null) {
            error.println(
                    summary.missing()
                            + " runs are missing; the same command tries them again. See the"
                            + " messages above and "
                            + directory.resolve("worker-*.log")
                            + ".");
        }
        boolean complete =
                summary.diverged().isEmpty() && (summary.missing() == 0 || shard != null);
        return complete ? 0 : Main.FAILED;
    }
}
