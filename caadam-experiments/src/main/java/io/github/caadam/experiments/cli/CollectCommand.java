// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StoreLayout;
import io.github.caadam.experiments.results.StoreLock;
import io.github.caadam.experiments.results.StoreMerge;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam collect}. */
@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        description = {
            "Merges the runs of several directories, such as those of several machines.",
            "They must ask the same under the same names. A run that two directories have must have"
                    + " the same result if it was made in places that are alike; of one from unlike"
                    + " places, the one that was started first stays, and the other is kept in"
                    + " replicas/.",
            "The runs that tried learning rates, in tuning/, are merged likewise. If anything"
                    + " cannot be merged, nothing is."
        },
        footer = {"", "Example:", "  caadam collect node1/runs node2/runs --out runs/whole"})
final class CollectCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description = "Directories that \"caadam run --out\" wrote to.")
    private List<Path> sources;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where the runs go; created if missing, and may hold runs already.")
    private Path out;

    @Override
    @SuppressWarnings("try") // The locks are held, not used.
    public Integer call() throws IOException {
        List<RunStore> stores = new ArrayList<>();
        List<RunStore> tunings = new ArrayList<>();
        for (Path source : sources) {
            Path trials = StoreLayout.tuning(source);
            boolean tunes = RunStore.isStore(trials);
            if (tunes) {
                tunings.add(RunStore.existing(trials));
            }
            // A study that is still trying learning rates has no runs of its own.
            if (!tunes || RunStore.isStore(source)) {
                stores.add(RunStore.existing(source));
            }
        }
        RunStore target = new RunStore(out);
        try (StoreLock lock = target.lock()) {
            StoreMerge merge = compare(target, stores);
            if (tunings.isEmpty()) {
                return print(out, merge.finish());
            }
            RunStore tuning = target.ownTuning();
            try (StoreLock lockOfTuning = tuning.lock()) {
                StoreMerge trials = compare(tuning, tunings);
                int ofTrials = print(tuning.directory(), trials.finish());
                return stores.isEmpty() ? ofTrials : Math.max(ofTrials, print(out, merge.finish()));
            }
        }
    }

    private StoreMerge compare(RunStore target, List<RunStore> from) throws IOException {
        for (Path aside : target.clean()) {
            spec.commandLine().getErr().println("set aside: " + aside);
        }
        StoreMerge merge = new StoreMerge(target);
        for (RunStore source : from) {
            merge.add(source);
        }
        return merge;
    }

    private int print(Path directory, StoreMerge.Outcome outcome) {
        PrintWriter output = spec.commandLine().getOut();
        output.printf(
                "%d runs in %s, %d of them new%n", outcome.runs(), directory, outcome.added());
        if (outcome.unplanned() > 0) {
            output.printf(
                    "%d of them are in no plan, and left out of runs.csv%n", outcome.unplanned());
        }
        for (StoreMerge.Noise noise : outcome.noise()) {
            output.printf(
                    Locale.ROOT,
                    "%d runs were made in a second place, too: %d gave the same; the %s differs by"
                            + " %.3g on average, and by %.3g root mean square%n",
                    noise.runs(),
                    noise.equal(),
                    noise.metric(),
                    noise.mean(),
                    noise.deviation());
        }
        outcome.study()
                .lost()
                .forEach(run -> output.println(run.status().label() + ": " + run.label()));
        output.flush();
        return outcome.study().missing().isEmpty() ? 0 : Main.FAILED;
    }
}
