// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.study.DataFacts;
import io.github.caadam.experiments.study.RunSet;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.Tuner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam plan}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Prints what a study would run, with every option, and what of it is there.",
            "Nothing is made, downloaded or written."
        },
        footer = {"", "Example:", "  caadam plan quickstart --only mlp:64-32"})
final class PlanCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "STUDY",
            description = "The name of a study (see \"caadam list\") or a YAML file.")
    private String study;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results would go (default: runs/STUDY).")
    private Path out;

    @Mixin private SelectionOptions selection;

    @Mixin private PluginOptions plugins;

    @Override
    public Integer call() throws IOException {
        Study chosen =
                selection.of(Studies.read(study, plugins.catalog(spec.commandLine().getErr())));
        Path directory = out == null ? Path.of("runs", chosen.name()) : out;
        print(chosen, directory, spec.commandLine().getOut());
        return 0;
    }

    /** Prints a plan. The data are not read, so that their digests, and the ids, are not known. */
    static void print(Study study, Path directory, PrintWriter output) throws IOException {
        Map<String, DataFacts> facts = new HashMap<>();
        study.data().forEach(part -> facts.put(part.label(), DataFacts.UNKNOWN));
        RunSet set = RunSet.of(study, facts);
        output.printf("%s: %s%n", study.name(), study.description());
        Map<String, Integer> configurations = new LinkedHashMap<>();
        Map<String, JsonNode> optimizers = new LinkedHashMap<>();
        for (PlannedRun run : set.runs().keySet()) {
            configurations.merge(run.configuration(), 1, Integer::sum);
            JsonNode options = run.question().part(Question.OPTIMIZER);
            optimizers.putIfAbsent(run.optimizer() + ":" + run.strategy(), options);
        }
        Question first = set.runs().keySet().iterator().next().question();
        output.printf(
                "protocol %s: %s%n", study.protocol().name(), flat(first.part(Question.PROTOCOL)));
        optimizers.forEach(
                (label, options) -> output.printf("optimizer %s: %s%n", label, flat(options)));
        study.tuning()
                .ifPresent(
                        tuning ->
                                output.printf(
                                        "tuned: what is best on validation rows, by %d runs of"
                                                + " seeds of their own%n",
                                        tuning.seeds()));
        study.optimizers().stream()
                .filter(row -> row.isTuned() && row.tunedAs().isEmpty())
                .forEach(
                        row ->
                                output.printf(
                                        "tuned %s: one of %s%n",
                                        row.label(),
                                        row.tuner().orElseThrow().candidates().stream()
                                                .map(Tuner.Candidate::toString)
                                                .toList()));
        configurations.forEach((name, count) -> output.printf("%d runs of %s%n", count, name));
        Optional<Study> trials = study.tuningStudy();
        int before = trials.isEmpty() ? 0 : RunSet.of(trials.get(), facts).runs().size();
        output.printf(
                "%d runs in all%s%n",
                set.runs().size(), before == 0 ? "" : ", after " + before + " that try options");
        set.notes().forEach(output::println);
        output.println(there(directory));
        output.flush();
    }

    private static String there(Path directory) throws IOException {
        if (!RunStore.isStore(directory)) {
            return "Nothing of it is in " + directory + ".";
        }
        StudyRuns runs = StudyRuns.of(RunStore.existing(directory));
        return directory
                + " holds "
                + runs.planned()
                + " planned runs: "
                + Counts.of(runs).ofEach()
                + ".";
    }

    /** The options of a part of a question, such as {@code early-stopping.patience=25}. */
    private static String flat(JsonNode json) {
        StringJoiner parts = new StringJoiner(", ");
        Question.flat(json).forEach((name, value) -> parts.add(name + "=" + value));
        return parts.toString();
    }
}
