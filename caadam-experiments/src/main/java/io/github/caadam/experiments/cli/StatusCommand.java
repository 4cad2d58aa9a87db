// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.execution.Durations;
import io.github.caadam.experiments.execution.Projection;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StudyPlan;
import io.github.caadam.experiments.results.StudyPlan.PlannedRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caadam status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says what of a study is done, failed and missing, and when it will be done.",
        footer = {"", "Example:", "  caadam status --out runs/california-notebook"})
final class StatusCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The directory that \"caadam run --out\" writes to.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Path tuning = out.resolve(RunCommand.TUNING);
        boolean tunes = Files.isDirectory(tuning);
        if (tunes) {
            tell(tuning);
        }
        if (!tunes || Files.exists(out.resolve("study.json"))) {
            tell(out);
        } else {
            spec.commandLine().getOut().println("The study itself follows once these are made.");
        }
        return 0;
    }

    private void tell(Path directory) throws IOException {
        RunStore store = RunStore.existing(directory);
        StudyPlan plan =
                store.plan()
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                directory
                                                        + " has no study.json; \"caadam run\""
                                                        + " writes it."));
        Map<String, int[]> doneOfAll = new LinkedHashMap<>();
        List<PlannedRun> missing = new ArrayList<>();
        List<String> diverged = new ArrayList<>();
        Projection projection = new Projection();
        for (PlannedRun planned : plan.runs()) {
            int[] counts =
                    doneOfAll.computeIfAbsent(planned.configuration(), configuration -> new int[2]);
            counts[1]++;
            Optional<RunRecord> run = store.find(planned.id());
            if (run.isEmpty()) {
                missing.add(planned);
                continue;
            }
            counts[0]++;
            projection.add(planned.configuration(), run.get().seconds());
            if (!run.get().isFinished()) {
                diverged.add(planned.label());
            }
        }
        print(plan, doneOfAll, missing, diverged, store.failures(), projection);
    }

    private void print(
            StudyPlan plan,
            Map<String, int[]> doneOfAll,
            List<PlannedRun> missing,
            List<String> diverged,
            List<RunFailure> failures,
            Projection projection) {
        PrintWriter output = spec.commandLine().getOut();
        output.printf(
                "%s: %d of %d runs done, %d diverged, %d failed, %d missing%n",
                plan.study(),
                plan.runs().size() - missing.size(),
                plan.runs().size(),
                diverged.size(),
                failures.size(),
                missing.size());
        int width = doneOfAll.keySet().stream().mapToInt(String::length).max().orElse(0);
        doneOfAll.forEach(
                (configuration, counts) ->
                        output.printf(
                                "  %-" + width + "s  %d/%d%n",
                                configuration,
                                counts[0],
                                counts[1]));
        diverged.forEach(run -> output.println("diverged: " + run));
        failures.forEach(
                failure -> output.println("failed: " + failure.label() + ": " + failure.reason()));
        if (!missing.isEmpty()) {
            output.printf(
                    "The missing runs take another %s with %d worker%s.%n",
                    Durations.format(projection.remaining(missing, plan.workers())),
                    plan.workers(),
                    plan.workers() == 1 ? "" : "s");
        }
        output.flush();
    }
}
