// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.plugin.DataSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes runs in this process. Whatever one throws is its failure, and no other's. */
final class RunMaker {

    private static final Logger logger = LoggerFactory.getLogger(RunMaker.class);

    private final DataDirectories directories;
    private final Optional<Path> checkpoints;
    private final Map<String, DataSplit> loaded = new HashMap<>();

    /**
     * Creates a maker.
     *
     * @param directories where to look for data
     * @param checkpoints where the states of runs under way are kept and found; empty for nowhere
     */
    RunMaker(DataDirectories directories, Optional<Path> checkpoints) {
        this.directories = directories;
        this.checkpoints = checkpoints;
    }

    /**
     * Makes a run.
     *
     * @param task the run
     * @param afterEpoch what is run after each epoch
     */
    RunReply make(RunTask task, Runnable afterEpoch) {
        try {
            DataSplit data = data(task.spec().dataset());
            if (!task.id().equals(task.spec().id(data.digest()))) {
                return RunReply.refused(
                        "its worker's data or code is not that of the study: data "
                                + data.digest()
                                + " of "
                                + data.source());
            }
            return RunReply.made(
                    new RunExecutor(task.study(), data, task.djlDevice(), checkpoints)
                            .execute(task.spec(), afterEpoch));
        } catch (Exception | Error e) {
            logger.error("The run {} failed.", task.spec().label(), e);
            return RunReply.failed(e);
        }
    }

    private DataSplit data(String name) throws IOException {
        DataSplit data = loaded.get(name);
        if (data == null) {
            data = DatasetRegistry.byName(name).load(directories);
            loaded.put(name, data);
        }
        return data;
    }
}
