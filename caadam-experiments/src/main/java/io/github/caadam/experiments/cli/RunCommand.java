// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.execution.ClusterProvider;
import io.github.caadam.experiments.execution.CollectedRuns;
import io.github.caadam.experiments.execution.DataTrials;
import io.github.caadam.experiments.execution.Environment;
import io.github.caadam.experiments.execution.Selection;
import io.github.caadam.experiments.execution.Shard;
import io.github.caadam.experiments.execution.SingleRun;
import io.github.caadam.experiments.execution.StudyRunner;
import io.github.caadam.experiments.execution.WorkerSettings;
import io.github.caadam.experiments.report.TableWriter;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.StoreLayout;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.training.Execution;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import picocli.CommandLine.ArgGroup;
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
            "Runs that are there already are not made again: after an interruption, the same"
                    + " command goes on."
        },
        footer = {
            "",
            "Examples:",
            "  caadam run quickstart",
            "  caadam run quickstart --only mlp:64-32 --runs 10 --workers 2",
            "  caadam run images-cpu --workers 2 --estimate",
            "  caadam run my-study.yaml --only \"mlp:64-64,ours\"",
            "  caadam run --id 0123456789abcdef"
        })
final class RunCommand implements Callable<Integer> {

    /** The share of the seeds that a projection is made from. */
    private static final double SAMPLE = 0.05;

    @Spec private CommandSpec spec;

    private Catalog catalog;

    @Parameters(
            paramLabel = "STUDY",
            arity = "0..1",
            description =
                    "The name of a study (see \"caadam list\") or a YAML file; may be left out with"
                            + " --id, for a run of any of the suite's studies.")
    private String study;

    @Option(
            names = OneRun.OPTION,
            paramLabel = "ID",
            description =
                    "Make only the run that has this id in runs.csv, here and again, and print what"
                            + " came out; it is kept where --out is given.")
    private String id;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results go (default: runs/STUDY).")
    private Path out;

    @Mixin private SelectionOptions selection;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Processes side by side, one core each, GPUs in turns (default:"
                            + " ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--in-process",
            description =
                    "Make the runs in this process, one after the other, to debug: what crashes it"
                            + " ends the study.")
    private boolean inProcess;

    @Option(
            names = "--spark",
            paramLabel = "MASTER",
            description =
                    "Make the runs on Spark, such as spark://host:7077 or local[4]; see"
                            + " docs/spark.md.")
    private String spark;

    @Option(
            names = "--run-timeout",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description =
                    "Give a run up after this time, once it was tried twice (default: never).")
    private long runTimeout;

    @Option(
            names = "--epoch-timeout",
            paramLabel = "SECONDS",
            defaultValue = "" + WorkerSettings.EPOCH_TIMEOUT,
            description =
                    "Give a run up that makes no epoch for this time, once it was tried twice; 0"
                            + " for never (default: ${DEFAULT-VALUE}).")
    private long epochTimeout;

    @Option(
            names = "--recycle-after",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Replace a process by a fresh one after N runs (default: ${DEFAULT-VALUE}).")
    private int recycleAfter;

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
            names = "--eager",
            description =
                    "Execute operation by operation, rather than each epoch as one compiled program"
                            + " where that is possible; results differ by rounding.")
    private boolean eager;

    @Option(
            names = "--weights-seed",
            paramLabel = "SEED",
            description =
                    "Start from another draw of initial weights, 1 or more, where a protocol has"
                            + " all runs share one.")
    private Integer weightsSeed;

    @Option(
            names = "--reuse",
            paramLabel = "DIR",
            description =
                    "Do not make runs that the runs.csv in DIR has, such as"
                            + " results/images-cpu; may be given several times.")
    private List<Path> reused = List.of();

    @Option(
            names = "--dry-run",
            description =
                    "Only print what would be run, as \"caadam plan\" does; nothing is made or"
                            + " written.")
    private boolean dryRun;

    @Option(
            names = "--estimate",
            description =
                    "Project the wall time. Makes the first 5 %% of the seeds (one at least) where"
                            + " they are missing, with these workers, and keeps them.")
    private boolean estimate;

    @ArgGroup private Repetition repetition = new Repetition();

    @Mixin private ThreadOptions threads;

    @Mixin private DataOptions data;

    @Mixin private PluginOptions plugins;

    /** What becomes of runs that are there already. */
    static final class Repetition {

        @Option(
                names = "--resume",
                description = "Make only the runs that are not there yet; the default.")
        @SuppressWarnings("UnusedVariable") // It says what is done anyway, and excludes --force.
        private boolean resume;

        @Option(names = "--force", description = "Make runs again that are there already.")
        private boolean force;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        catalog = plugins.catalog(spec.commandLine().getErr());
        if (id != null) {
            OneRun.requireAlone(spec);
            return makeOne(threads.settle());
        }
        if (study == null) {
            throw new IllegalArgumentException(
                    "Name a study (see \"caadam list\") or a YAML file.");
        }
        Study whole = Studies.read(study, catalog);
        whole = weightsSeed == null ? whole : whole.withWeightsSeed(weightsSeed);
        whole = eager ? whole.withExecution(Execution.EAGER) : whole;
        Study chosen = selection.of(whole);
        if (repetition.force && !reused.isEmpty()) {
            throw new IllegalArgumentException("--force does not go together with --reuse.");
        }
        if (estimate && (repetition.force || shard != null || spark != null)) {
            throw new IllegalArgumentException(
                    "--estimate does not go together with --force, --shard or --spark.");
        }
        requireOneWay();
        Path directory = out == null ? Path.of("runs", chosen.name()) : out;
        if (dryRun) {
            PlanCommand.print(chosen, directory, spec.commandLine().getOut());
            return 0;
        }
        int settledThreads = threads.settle();
        if (!inProcess) {
            DataTrials.require(chosen, workerSettings(settledThreads));
        }
        if (estimate) {
            return project(chosen, whole, directory, settledThreads);
        }
        int lostTrials = 0;
        if (chosen.tuningStudy().isPresent()) {
            Tuned tuned = tune(chosen, whole, directory, settledThreads);
            lostTrials = tuned.lost();
            if (tuned.study().isEmpty()) {
                return lostTrials == 0 ? 0 : Main.FAILED;
            }
            chosen = tuned.study().get();
        }
        StudyRunner runner = open(chosen, whole, directory);
        int failed = make(runner, settledThreads);
        int code = report(runner.collect(part()), directory);
        return failed + lostTrials == 0 ? code : Main.FAILED;
    }

    private void requireOneWay() {
        boolean timed = runTimeout != 0 || epochTimeout != WorkerSettings.EPOCH_TIMEOUT;
        if (inProcess && (workers != 1 || timed || spark != null)) {
            throw new IllegalArgumentException(
                    "--in-process does not go together with --workers, --run-timeout,"
                            + " --epoch-timeout or --spark.");
        }
    }

    private int makeOne(int settledThreads) throws IOException, InterruptedException {
        requireOneWay();
        if (!inProcess && study != null) {
            DataTrials.require(Studies.read(study, catalog), workerSettings(settledThreads));
        }
        SingleRun run =
                OneRun.find(
                        id,
                        Optional.ofNullable(study),
                        Optional.ofNullable(weightsSeed),
                        catalog,
                        data.directories());
        OneRun.Maker maker =
                inProcess
                        ? (log, results) ->
                                run.makeHere(
                                        catalog,
                                        data.directories(),
                                        device.devices().get(0),
                                        results)
                        : (log, results) ->
                                run.makeInWorker(workerSettings(settledThreads), log, results);
        return OneRun.make(run.label(), maker, Optional.ofNullable(out), spec.commandLine());
    }

    /** Opens the directory of the runs that try learning rates; they are judged by their losses. */
    private StudyRunner openTuning(Study chosen, Study whole, Path directory) throws IOException {
        return open(
                chosen.tuningStudy().orElseThrow(),
                whole.tuningStudy().orElseThrow(),
                StoreLayout.tuning(directory),
                row -> !Double.isNaN(row.validationLoss()));
    }

    private StudyRunner open(Study chosen, Study whole, Path directory) throws IOException {
        return open(chosen, whole, directory, row -> true);
    }

    /** Opens the directory of a study's results, with the runs that are reused in it. */
    private StudyRunner open(Study chosen, Study whole, Path directory, Predicate<RunRow> useful)
            throws IOException {
        StudyRunner runner = new StudyRunner(chosen, whole, catalog, data.directories(), directory);
        runner.notes().forEach(spec.commandLine().getErr()::println);
        if (!reused.isEmpty()) {
            CollectedRuns collected = new CollectedRuns(useful);
            for (Path each : reused) {
                collected.add(each);
            }
            PrintWriter output = spec.commandLine().getOut();
            output.printf("%d runs taken over into %s%n", runner.reuse(collected), directory);
            output.flush();
        }
        if (!repetition.force) {
            runner.otherwiseExecuted().ifPresent(spec.commandLine().getErr()::println);
        }
        return runner;
    }

    /**
     * What came of trying options.
     *
     * @param study the study with what was chosen; empty while runs of other parts are not there
     * @param lost how many runs that try options failed
     */
    private record Tuned(Optional<Study> study, int lost) {}

    /** Makes the runs that try options, and chooses, if all are there. */
    private Tuned tune(Study chosen, Study whole, Path directory, int settledThreads)
            throws IOException, InterruptedException {
        StudyRunner runner = openTuning(chosen, whole, directory);
        if (runner.unmade() == 0) {
            runner.letStand(standing(chosen, runner));
        }
        make(runner, settledThreads);
        StudyRunner.Summary summary = runner.collect(part());
        PrintWriter output = spec.commandLine().getOut();
        if (summary.missing() > 0) {
            reportProblems(summary, StoreLayout.tuning(directory));
            spec.commandLine()
                    .getErr()
                    .println(
                            summary.missing()
                                    + " runs that try options failed; what they try is not"
                                    + " chosen.");
        }
        int unmade = runner.unmade();
        if (unmade > 0) {
            output.printf(
                    "Part %s of the runs that try options is made; %d runs of other parts are not"
                            + " in %s. When all parts are made, merge them with \"caadam collect"
                            + " PART... --out %s\", and give this command again.%n",
                    part(), unmade, StoreLayout.tuning(directory), directory);
            output.flush();
            return new Tuned(Optional.empty(), summary.missing());
        }
        Selection choice = Selection.of(chosen, runner.made(), runner.failed());
        choice.write(directory.resolve(StoreLayout.CHOICE));
        output.println(choice);
        output.flush();
        return new Tuned(
                Optional.of(chosen.withChosen(choice.chosen()).withoutChoice(choice.unchosen())),
                summary.missing());
    }

    /**
     * Finds the failures that are not tried again once all options were tried: a choice stays, also
     * where a candidate was lost, and all parts of a study must come to the same.
     */
    private Set<RunSpec> standing(Study chosen, StudyRunner runner) throws IOException {
        Map<RunSpec, String> failed = runner.failed();
        return shard != null
                ? failed.keySet()
                : Selection.of(chosen, runner.made(), failed).settled(failed.keySet());
    }

    /**
     * Projects from a sample of the runs, which for a study that tunes is one of those that try
     * learning rates: what the others will do is not known before.
     */
    private int project(Study chosen, Study whole, Path directory, int settledThreads)
            throws IOException, InterruptedException {
        List<StudyRunner> parts = new ArrayList<>();
        Study sampled = chosen;
        Study sampledWhole = whole;
        Path sampledDirectory = directory;
        parts.add(open(chosen, whole, directory));
        if (chosen.tuningStudy().isPresent()) {
            sampled = chosen.tuningStudy().get();
            sampledWhole = whole.tuningStudy().orElseThrow();
            sampledDirectory = StoreLayout.tuning(directory);
            parts.add(openTuning(chosen, whole, directory));
        }
        Study sample = sampled.withSeeds((int) Math.ceil(sampled.seeds() * SAMPLE));
        int failed =
                make(
                        new StudyRunner(
                                sample,
                                sampledWhole,
                                catalog,
                                data.directories(),
                                sampledDirectory),
                        settledThreads);
        PrintWriter output = spec.commandLine().getOut();
        output.println(StudyRunner.project(parts, workers));
        output.println("Wall time, hours:minutes:seconds, from the runs in " + directory + ".");
        output.flush();
        return failed == 0 ? 0 : Main.FAILED;
    }

    private Shard part() {
        return shard == null ? Shard.WHOLE : Shard.parse(shard);
    }

    /** Makes missing runs; returns how many failed. */
    private int make(StudyRunner runner, int settledThreads)
            throws IOException, InterruptedException {
        Shard part = part();
        boolean force = repetition.force;
        if (spark != null) {
            return runner.runOnCluster(
                    part, force, cluster(), spark, clusterSettings(settledThreads));
        }
        return inProcess
                ? runner.runHere(part, force, device.devices().get(0))
                : runner.runInWorkers(part, force, workerSettings(settledThreads));
    }

    private ClusterProvider cluster() {
        if (workers != 1) {
            throw new IllegalArgumentException(
                    "Either --workers or --spark: on a cluster, Spark decides how many runs are"
                            + " made at a time.");
        }
        return ServiceLoader.load(ClusterProvider.class)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "--spark needs Spark: build with \"mvn -Pspark package"
                                                + " -DskipTests\" and start with \"spark-submit"
                                                + " --jars 'caadam-spark/target/lib/*.jar'"
                                                + " caadam-spark/target/caadam-spark.jar run "
                                                + study
                                                + " --spark "
                                                + spark
                                                + "\"; see docs/spark.md."));
    }

    /** Spark ships the data and deals the devices. */
    private WorkerSettings clusterSettings(int settledThreads) {
        String kind = device.name().toLowerCase(Locale.ROOT);
        List<String> arguments = worker(settledThreads, 1);
        arguments.addAll(plugins.arguments());
        return new WorkerSettings(
                1,
                arguments,
                List.of(kind),
                recycleAfter,
                runTimeout,
                epochTimeout,
                WorkerSettings.SILENCE);
    }

    /** What follows the class path on the command line of a worker. */
    private List<String> worker(int settledThreads, int sideBySide) {
        List<String> arguments = new ArrayList<>();
        arguments.add("-D" + ThreadOptions.PROPERTY + "=" + settledThreads);
        arguments.add("-D" + Environment.WORKERS + "=" + sideBySide);
        if (Main.of(spec).isVerbose()) {
            arguments.add("-D" + Main.LOG_LEVEL + "=info");
        }
        arguments.add(Main.class.getName());
        arguments.add("worker");
        return arguments;
    }

    private WorkerSettings workerSettings(int settledThreads) {
        List<String> arguments = worker(settledThreads, workers);
        arguments.addAll(data.arguments());
        arguments.addAll(plugins.arguments());
        return new WorkerSettings(
                workers,
                arguments,
                device.devices().stream().map(WorkerSettings::name).toList(),
                recycleAfter,
                runTimeout,
                epochTimeout,
                WorkerSettings.SILENCE);
    }

    private int report(StudyRunner.Summary summary, Path directory) throws IOException {
        PrintWriter output = spec.commandLine().getOut();
        StudyRuns study = summary.all();
        if (!study.rows().isEmpty()) {
            TableWriter tables = new TableWriter(study);
            List<Path> files = tables.write(directory.resolve(StoreLayout.TABLES));
            if (!Main.of(spec).isQuiet()) {
                output.println(tables.toText());
                output.println(
                        study.rows().size() + " runs: " + directory.resolve(StoreLayout.LINES));
                files.forEach(file -> output.println("table: " + file));
                output.flush();
            }
        }
        reportProblems(summary, directory);
        if (summary.missing() > 0) {
            spec.commandLine()
                    .getErr()
                    .println(
                            summary.missing()
                                    + " runs are missing; the same command tries them again.");
        }
        return summary.missing() == 0 ? 0 : Main.FAILED;
    }

    private void reportProblems(StudyRunner.Summary summary, Path directory) {
        PrintWriter error = spec.commandLine().getErr();
        for (RunRow run : summary.lost()) {
            if (run.status() == RunStatus.DIVERGED || run.status() == RunStatus.INVALID) {
                error.println(run.status().label() + ": " + run.label());
            }
        }
        for (RunFailure failure : summary.all().failures()) {
            error.println(
                    "failed: "
                            + failure.label()
                            + ": "
                            + failure.reason()
                            + "; see "
                            + directory
                                    .resolve(StoreLayout.FAILED)
                                    .resolve(failure.id() + ".json"));
        }
    }
}
