// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.execution.RunPool;
import io.github.caadam.experiments.execution.SingleRun;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.StoreLock;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.file.PathUtils;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code caadam run --id}: one run again. */
final class OneRun {

    static final String OPTION = "--id";

    /** What may be given beside {@value #OPTION}. */
    private static final Set<String> COMPANIONS =
            Set.of(
                    OPTION,
                    "--out",
                    "--weights-seed",
                    "--device",
                    "--threads",
                    "--data-dir",
                    "--plugins",
                    "--in-process",
                    "--run-timeout",
                    "--epoch-timeout");

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
            Study named = Studies.read(study.get(), catalog);
            Study drawn = weightsSeed.map(named::withWeightsSeed).orElse(named);
            return SingleRun.find(id, drawn, directories);
        }
        if (weightsSeed.isPresent()) {
            throw new IllegalArgumentException("--weights-seed needs the name of the study.");
        }
        List<Study> all = new ArrayList<>();
        for (String name : StudyReader.builtIn()) {
            all.add(Studies.read(name, catalog));
        }
        return SingleRun.find(id, all, directories);
    }

    /** Has a run made, and hands over what became of it. */
    @FunctionalInterface
    interface Maker {
        void make(Path log, RunPool.Results results) throws IOException, InterruptedException;
    }

    /**
     * Makes a run and says what came out, in full precision.
     *
     * @param label what it is
     * @param maker what makes it
     * @param out the directory to keep it in, if any
     * @param command where to say it
     * @return the exit code
     */
    @SuppressWarnings("try") // The lock is held, not used.
    static int make(String label, Maker maker, Optional<Path> out, CommandLine command)
            throws IOException, InterruptedException {
        command.getOut().println(label);
        command.getOut().flush();
        if (out.isPresent()) {
            RunStore store = new RunStore(out.get());
            try (StoreLock lock = store.lock()) {
                Outcome outcome = new Outcome(Optional.of(store), out.get(), command);
                maker.make(out.get(), outcome);
                return outcome.code;
            }
        }
        Path log = Files.createTempDirectory("caadam");
        Outcome outcome = new Outcome(Optional.empty(), log, command);
        maker.make(log, outcome);
        if (outcome.code == 0) {
            PathUtils.delete(log);
        }
        return outcome.code;
    }

    /** Keeps what became of the run, and says it. */
    private static final class Outcome implements RunPool.Results {

        private final Optional<RunStore> store;
        private final Path log;
        private final CommandLine command;
        private int code = Main.FAILED;

        Outcome(Optional<RunStore> store, Path log, CommandLine command) {
            this.store = store;
            this.log = log;
            this.command = command;
        }

        @Override
        public void finished(RunRecord made) throws IOException {
            if (store.isPresent()) {
                store.get().save(made);
            }
            command.getOut()
                    .println(
                            made.isFinished()
                                    ? String.format(
                                            Locale.ROOT,
                                            "%s %s after %d epochs, the best of which was %d, in"
                                                    + " %.1f s",
                                            made.metric(),
                                            made.value(),
                                            made.epochs(),
                                            made.bestEpoch() + 1,
                                            made.seconds())
                                    : made.status().label()
                                            + " after "
                                            + made.epochs()
                                            + " epochs");
            command.getOut().flush();
            code = 0;
        }

        @Override
        public void failed(RunFailure failure) throws IOException {
            if (store.isPresent() && !store.get().contains(failure.id())) {
                store.get().save(failure);
            }
            command.getErr()
                    .println(
                            "failed: "
                                    + failure.label()
                                    + ": "
                                    + failure.reason()
                                    + "; see "
                                    + log);
        }
    }
}
