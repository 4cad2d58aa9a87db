// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import ai.djl.Device;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.execution.SingleRun;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StoreLock;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code caadam run --id}: one run again. */
final class OneRun {

    static final String OPTION = "--id";

    /** What may be given beside {@value #OPTION}. */
    private static final Set<String> COMPANIONS =
            Set.of(OPTION, "--out", "--weights-seed", "--device", "--threads", "--data-dir");

    private OneRun() {}

    /** Refuses options that are about many runs. */
    static void requireAlone(CommandSpec command) {
        for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
            if (!COMPANIONS.contains(option.longestName())) {
                throw new IllegalArgumentException(
                        OPTION + " does not go together with " + option.longestName() + ".");
            }
        }
    }

    /**
     * Finds a run.
     *
     * @param id the run's id
     * @param study the study's name or file; without, all that come with the suite are searched
     * @param weightsSeed another draw of the weights that the runs of the study share
     * @param catalog what components are looked up in
     * @param directories where to look for data
     */
    static SingleRun find(
            String id,
            Optional<String> study,
            Optional<Integer> weightsSeed,
            Catalog catalog,
            DataDirectories directories)
            throws IOException {
        if (study.isPresent()) {
            Study named = StudyReader.read(study.get(), catalog);
            Study drawn = weightsSeed.map(named::withWeightsSeed).orElse(named);
            return SingleRun.find(id, drawn, directories);
        }
        if (weightsSeed.isPresent()) {
            throw new IllegalArgumentException("--weights-seed needs the name of the study.");
        }
        List<Study> all = new ArrayList<>();
        for (String name : StudyReader.builtIn()) {
            all.add(StudyReader.read(name, catalog));
        }
        return SingleRun.find(id, all, directories);
    }

    /**
     * Makes a run and says what came out, in full precision.
     *
     * @param run the run
     * @param device where to train
     * @param out the directory to keep it in, if any
     * @param output where to say it
     * @return the exit code
     */
    static int make(SingleRun run, Device device, Optional<Path> out, PrintWriter output)
            throws IOException {
        output.println(run.label());
        output.flush();
        RunRecord made = run.make(device);
        if (out.isPresent()) {
            keep(made, new RunStore(out.get()));
        }
        output.println(
                made.isFinished()
                        ? String.format(
                                Locale.ROOT,
                                "%s %s after %d epochs, the best of which was %d, in %.1f s",
                                made.metric(),
                                made.value(),
                                made.epochs(),
                                made.bestEpoch() + 1,
                                made.seconds())
                        : made.status().label() + " after " + made.epochs() + " epochs");
        output.flush();
        return made.isFinished() ? 0 : Main.FAILED;
    }

    @SuppressWarnings("try") // The lock is held, not used.
    private static void keep(RunRecord made, RunStore store) throws IOException {
        try (StoreLock lock = store.lock()) {
            store.save(made);
        }
    }
}
