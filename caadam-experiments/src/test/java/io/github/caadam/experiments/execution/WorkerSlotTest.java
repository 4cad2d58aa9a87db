// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.cli.Main;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes, and what they die of. */
class WorkerSlotTest {

    @TempDir private Path directory;

    private RunTask task;

    @BeforeEach
    void planARun() throws IOException {
        Protocol protocol = Suite.withEpochs(Suite.PAPER, 40);
        RunSpec spec =
                Suite.run(
                        "mlp:32-32",
                        Suite.optimizer("adam", protocol),
                        protocol,
                        1,
                        Execution.EAGER);
        String digest = Suite.friedman().digest();
        task = RunTask.of(spec.id(digest), "small", spec, "cpu");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit | 1 | its worker was ended by System.exit in io.github.caadam.experiments"
                        + ".execution.HostileWorker.harm (HostileWorker.java:",
                "halt | 2 | its worker ended with exit code 3",
                "crash | 2 | its worker crashed in native code: SIGSEGV (0xb) at pc=",
                "KILL | 2 | its worker was killed (SIGKILL) ",
                "hang | 2 | its worker is alive, but made no epoch for the 5 s of --epoch-timeout",
                "gibberish | 2 | its worker's reply is not understood: ",
                "STOP | 2 | its worker gave no sign of life for 10 s"
            })
    void theTrueCauseOfADeathIsNamedAndTheNextRunIsMade(String deed, int attempts, String cause)
            throws IOException {
        RunFailure failure = make(deed).failure();

        assertThat(failure.reason()).startsWith(cause);
        assertThat(failure.attempts()).isEqualTo(attempts);
        assertThat(failure.id()).isEqualTo(task.id());
    }

    @Test
    void nothingThatIsPrintedIsTakenForAReply() throws IOException {
        RunOutcome outcome = make("print");

        assertThat(outcome.failure()).isNull();
        assertThat(outcome.run().id()).isEqualTo(task.id());
        assertThat(directory.resolve("worker.log")).content().contains("a lie");
    }

    @Test
    void workersThatCannotStartSayWhatTheyPrinted() {
        WorkerSlot slot = slot(List.of("-XX:+NoSuchOption", Main.class.getName()));

        assertThatIOException()
                .isThrownBy(() -> slot.make(task))
                .withMessageStartingWith("A worker does not start, with exit code 1: ")
                .withMessageContaining("Unrecognized VM option 'NoSuchOption'");
    }

    @Test
    @Timeout(60)
    void workersThatNeverConnectAreGivenUp() {
        Set<ProcessHandle> before = children();
        WorkerSlot slot = slot(arguments("never-connect"));

        assertThatIOException()
                .isThrownBy(() -> slot.make(task))
                .withMessageStartingWith(
                        "A worker does not start, it has not connected for 10 s: ");
        assertThat(before).containsAll(children());
    }

    @Test
    @Timeout(60)
    void aSlotThatIsClosedStopsAWorkerThatStarts() throws Exception {
        Set<ProcessHandle> before = children();
        WorkerSlot slot = slot(arguments("never-connect"), 0, 600);
        CompletableFuture<Optional<RunOutcome>> outcome = new CompletableFuture<>();
        Thread maker = new Thread(() -> complete(outcome, slot));
        maker.start();
        Set<ProcessHandle> workers = Set.of();
        while (workers.isEmpty()) {
            Thread.sleep(20);
            workers = children();
            workers.removeAll(before);
        }

        slot.close();

        assertThat(outcome.get(30, TimeUnit.SECONDS)).isEmpty();
        for (ProcessHandle worker : workers) {
            assertThat(worker.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
        }
    }

    private void complete(CompletableFuture<Optional<RunOutcome>> outcome, WorkerSlot slot) {
        try {
            outcome.complete(slot.make(task));
        } catch (IOException | RuntimeException e) {
            outcome.completeExceptionally(e);
        }
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .collect(Collectors.toSet());
    }

    /** As where memory has run out meanwhile; here the log, which is opened first, cannot be. */
    @Test
    void aRunWhoseWorkerCannotStartIsGivenBackAndCanBeMadeLater() throws IOException {
        Path log = directory.resolve("worker.log");
        try (WorkerSlot slot = slot(arguments("KILL"))) {
            assertThat(slot.make(task).orElseThrow().failure().reason()).contains("SIGKILL");
            Files.delete(log);
            Files.createDirectory(log);

            assertThatExceptionOfType(WorkerStartException.class)
                    .isThrownBy(() -> slot.make(task))
                    .withMessageContaining("Is a directory");

            Files.delete(log);
            assertThat(slot.make(task).orElseThrow().failure().reason()).contains("SIGKILL");
        }
    }

    private RunOutcome make(String deed) throws IOException {
        try (WorkerSlot slot = slot(arguments(deed), deed.equals("hang") ? 5 : 60, 10)) {
            return slot.make(task).orElseThrow();
        }
    }

    private static List<String> arguments(String deed) {
        List<String> arguments = new ArrayList<>(List.of("-XX:-CreateCoredumpOnCrash"));
        arguments.addAll(List.of("-Dai.djl.pytorch.num_threads=1", "-Xshare:auto"));
        arguments.addAll(List.of(HostileWorker.class.getName(), deed, "worker"));
        return arguments;
    }

    private WorkerSlot slot(List<String> arguments) {
        return slot(arguments, 0, 10);
    }

    private WorkerSlot slot(List<String> arguments, long epochTimeout, int silence) {
        WorkerSettings settings =
                new WorkerSettings(1, arguments, List.of("cpu"), 100, 0, epochTimeout, silence);
        return new WorkerSlot(settings, directory.resolve("worker.log"));
    }
}
