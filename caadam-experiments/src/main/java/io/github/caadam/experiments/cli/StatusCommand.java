// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.execution.Durations;
import io.github.caadam.experiments.execution.Projection;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StoreLayout;
import io.github.caadam.experiments.results.StudyPlan;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
        StudyRuns runs = StudyRuns.of(store);
        Map<String, Double> seconds = new HashMap<>();
        runs.records().forEach(run -> seconds.put(run.id(), run.seconds()));
        Map<String, int[]> doneOfAll = new LinkedHashMap<>();
        List<PlannedRun> missing = new ArrayList<>();
        Projection projection = new Projection();
        for (PlannedRun planned : plan.runs()) {
            int[] counts = doneOfAll.computeIfAbsent(planned.configuration(), name -> new int[2]);
            counts[1]++;
            if (seconds.containsKey(planned.id())) {
                counts[0]++;
                projection.add(planned.configuration(), seconds.get(planned.id()));
            } else {
                missing.add(planned);
            }
        }
        print(plan, runs, doneOfAll);
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

    private void print(StudyPlan plan, StudyRuns runs, Map<String, int[]> doneOfAll) {
        PrintWriter output = spec.commandLine().getOut();
        output.printf(
                "%s: %d runs planned, %s%n",
                plan.study(), runs.planned(), Counts.of(runs).ofEach());
        int width = doneOfAll.keySet().stream().mapToInt(String::length).max().orElse(0);
        doneOfAll.forEach(
                (configuration, counts) ->
                        output.printf(
                                "  %-" + width + "s  %d/%d%n",
                                configuration,
                                counts[0],
                                counts[1]));
        for (RunRow run : runs.lost()) {
            if (run.status() == RunStatus.DIVERGED || run.status() == RunStatus.INVALID) {
                output.println(run.status().label() + ": " + run.label());
            }
        }
        runs.failures()
                .forEach(
                        failure ->
                                output.println(
                                        "failed: " + failure.label() + ": " + failure.reason()));
    }
}
