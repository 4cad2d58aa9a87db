// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.execution.Durations;
import io.github.caadam.experiments.execution.Projection;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StoreLayout;
import io.github.caadam.experiments.results.StudyPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says what of a study is done, failed and missing, and when it will be done.",
        footer = {"", "Example:", "  caadam status runs/quickstart"})
final class StatusCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            description = "The directory of a study, as \"caadam run --out\" names it.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Path tuning = StoreLayout.tuning(out);
        boolean tunes = RunStore.isStore(tuning);
        if (tunes) {
            tell(tuning);
        }
        if (!tunes || (RunStore.isStore(out) && RunStore.existing(out).plan().isPresent())) {
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
                                                        + " has no plan.json; \"caadam run\""
                                                        + " writes it."));
        Map<String, RunRecord> made = new HashMap<>();
        store.heads().forEach(run -> made.put(run.id(), run));
        List<RunFailure> failures = store.failures();
        Set<String> failed = failures.stream().map(RunFailure::id).collect(Collectors.toSet());
        List<RunStatus> statuses = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        Map<String, int[]> doneOfAll = new LinkedHashMap<>();
        List<PlannedRun> missing = new ArrayList<>();
        Projection projection = new Projection();
        for (PlannedRun planned : plan.runs()) {
            int[] counts = doneOfAll.computeIfAbsent(planned.configuration(), name -> new int[2]);
            counts[1]++;
            RunRecord run = made.get(planned.id());
            if (run == null) {
                missing.add(planned);
            } else {
                counts[0]++;
                projection.add(planned.configuration(), run.seconds());
            }
            RunStatus status = status(planned, run, failed);
            statuses.add(status);
            if (status == RunStatus.DIVERGED || status == RunStatus.INVALID) {
                lost.add(status.label() + ": " + planned.name());
            }
        }
        print(plan, Counts.ofStatuses(statuses), doneOfAll);
        PrintWriter output = spec.commandLine().getOut();
        lost.forEach(output::println);
        failures.forEach(
                failure -> output.println("failed: " + failure.label() + ": " + failure.reason()));
        if (!missing.isEmpty()) {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "The missing runs take another %s with %d worker%s.%n",
                            Durations.format(projection.remaining(missing, plan.workers())),
                            plan.workers(),
                            plan.workers() == 1 ? "" : "s");
        }
        spec.commandLine().getOut().flush();
    }

    private static RunStatus status(PlannedRun planned, RunRecord run, Set<String> failed) {
        if (run != null && run.answers(planned)) {
            return run.status();
        }
        return failed.contains(planned.id()) ? RunStatus.FAILED : RunStatus.MISSING;
    }

    private void print(StudyPlan plan, Counts all, Map<String, int[]> doneOfAll) {
        PrintWriter output = spec.commandLine().getOut();
        output.printf("%s: %d runs planned, %s%n", plan.study(), all.planned(), all.ofEach());
        int width = doneOfAll.keySet().stream().mapToInt(String::length).max().orElse(0);
        doneOfAll.forEach(
                (configuration, counts) ->
                        output.printf(
                                "  %-" + width + "s  %d/%d%n",
                                configuration,
                                counts[0],
                                counts[1]));
    }
}
