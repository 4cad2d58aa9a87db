// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.cli.Main;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerPoolTest {

    private static final List<String> ARGUMENTS =
            List.of("-Dai.djl.pytorch.num_threads=1", Main.class.getName(), "worker");

    @TempDir private Path directory;

    /** Cannot take the first run. */
    private static final class Keeper implements RunPool.Results {

        private final List<String> finished = new ArrayList<>();
        private final List<RunFailure> failed = new ArrayList<>();
        private final String refused;

        Keeper(String refused) {
            this.refused = refused;
        }

        @Override
        public void finished(RunRecord run) {
            if (run.id().equals(refused)) {
                throw new IllegalStateException("no place for it");
            }
            finished.add(run.id());
        }

        @Override
        public void failed(RunFailure failure) {
            failed.add(failure);
        }
    }

    @Test
    void anUnexpectedExceptionFailsItsRunWithItsCauseAndTheOthersAreMade() throws Exception {
        RunTask first = task(1);
        RunTask second = task(2);
        Keeper keeper = new Keeper(first.id());
        try (WorkerPool pool =
                new WorkerPool(
                        new WorkerSettings(1, ARGUMENTS, List.of("cpu"), 100, 0, 60, 60),
                        directory)) {
            pool.run(List.of(first, second), keeper);
        }

        assertThat(keeper.failed)
                .singleElement()
                .satisfies(
                        failure -> {
                            assertThat(failure.id()).isEqualTo(first.id());
                            assertThat(failure.reason()).contains("no place for it");
                        });
        assertThat(keeper.finished).containsExactly(second.id());
    }

    /** As where one of two GPUs is broken; here a directory is in the place of its log. */
    @Test
    void aWorkerThatNeverStartsGivesItsRunToAnother() throws Exception {
        Files.createDirectory(directory.resolve("worker-1.log"));
        List<RunTask> tasks = List.of(task(1), task(2), task(3));
        Keeper keeper = new Keeper("");
        try (WorkerPool pool = new WorkerPool(two(ARGUMENTS), directory)) {
            pool.run(tasks, keeper);
        }

        assertThat(keeper.failed).isEmpty();
        assertThat(keeper.finished)
                .containsExactlyInAnyOrderElementsOf(tasks.stream().map(RunTask::id).toList());
    }

    @Test
    void whereNoWorkerStartsTheStudyEndsAndNoRunHasFailed() throws Exception {
        List<RunTask> tasks = List.of(task(1), task(2), task(3));
        Keeper keeper = new Keeper("");
        try (WorkerPool pool = new WorkerPool(two(List.of("-XX:+NoSuchOption")), directory)) {
            assertThatExceptionOfType(WorkerStartException.class)
                    .isThrownBy(() -> pool.run(tasks, keeper))
                    .withMessageContaining("Unrecognized VM option 'NoSuchOption'");
        }

        assertThat(keeper.failed).isEmpty();
        assertThat(keeper.finished).isEmpty();
    }

    private static WorkerSettings two(List<String> arguments) {
        return new WorkerSettings(2, arguments, List.of("cpu"), 100, 0, 60, 60);
    }

    private static RunTask task(int seed) throws IOException {
        Protocol protocol = Suite.withEpochs(Suite.PAPER, 2);
        RunSpec spec =
                Suite.run(
                        "mlp:8",
                        Suite.optimizer("adam", protocol),
                        protocol,
                        seed,
                        Execution.EAGER);
        String digest = Suite.friedman().digest();
        return RunTask.of(spec.id(digest), "small", spec, "cpu");
    }
}
