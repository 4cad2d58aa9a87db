// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.FewRows;
import io.github.caadam.experiments.training.NetworkTraining;
import io.github.caadam.experiments.training.TrainingResult;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes runs in this process. Whatever one throws is its failure, and no other's. */
final class RunMaker {

    private static final Logger logger = LoggerFactory.getLogger(RunMaker.class);

    private final Catalog catalog;
    private final DataContext directories;
    private final LoadedData loaded;
    private final Optional<Path> checkpoints;

    /**
     * Creates a maker.
     *
     * @param catalog what the components of runs are looked up in
     * @param directories where to look for data
     * @param checkpoints where the states of runs under way are kept and found; empty for nowhere
     */
    RunMaker(Catalog catalog, DataContext directories, Optional<Path> checkpoints) {
        this.catalog = catalog.findingFiles(file -> directories.resolve(file).toString());
        this.directories = directories;
        loaded = new LoadedData(directories);
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
            if (task.asked() == RunTask.Asked.DATA) {
                Component data = task.data(catalog);
                data.factory(DataSource.class).load(directories, data.options());
                return RunReply.tried("");
            }
            RunSpec spec = task.spec(catalog);
            DataSplit data = loaded.get(spec.data());
            if (!task.id().equals(spec.id(data.digest()))) {
                return RunReply.refused(
                        "its worker's data or code is not that of the study: data "
                                + data.digest()
                                + " of "
                                + data.source());
            }
            if (task.asked() == RunTask.Asked.TRIAL) {
                return RunReply.tried(tryOut(spec, data, task));
            }
            return RunReply.made(
                    new RunExecutor(task.study(), data, task.djlDevice(), checkpoints)
                            .execute(spec, afterEpoch));
        } catch (Exception | Error e) {
            logger.error("The run {} failed.", task.label(), e);
            return RunReply.failed(e);
        }
    }

    /** Trains on a few rows, twice, as a plug-in may keep something between trainings. */
    private static String tryOut(RunSpec spec, DataSplit data, RunTask task) {
        NetworkTraining training =
                new NetworkTraining(
                        FewRows.of(data, spec.protocol()),
                        spec.model(),
                        spec.optimizer(),
                        FewRows.of(spec.protocol()),
                        spec.seed(),
                        task.djlDevice(),
                        spec.execution(),
                        spec.measures());
        List<TrainingResult.Epoch> first = training.run().history();
        List<TrainingResult.Epoch> second = training.run().history();
        return first.equals(second)
                ? ""
                : "two trainings of one seed differ; something of it keeps a state between"
                        + " trainings, or draws numbers that are not the seed's";
    }
}
