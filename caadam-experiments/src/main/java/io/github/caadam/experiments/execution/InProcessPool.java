// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.plugin.DataContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Makes runs in this process, one after the other, where a debugger can follow. What ends the
 * process ends the study.
 */
final class InProcessPool implements RunPool {

    private final RunMaker maker;
    private final String device;

    /**
     * Creates a pool.
     *
     * @param catalog what the components of runs are looked up in
     * @param directories where to look for data
     * @param checkpoints where the states of runs under way are kept and found; empty for nowhere
     * @param device where to train
     */
    InProcessPool(
            Catalog catalog, DataContext directories, Optional<Path> checkpoints, Device device) {
        this.maker = new RunMaker(catalog, directories, checkpoints);
        this.device = RunTask.name(device);
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public void run(List<RunTask> tasks, Results results) throws IOException {
        for (RunTask task : tasks) {
            RunOutcome.of(task, maker.make(task.on(device), () -> {}), 1, List.of())
                    .giveTo(results);
        }
    }

    @Override
    public void close() {
        // There is no process but this one.
    }
}
