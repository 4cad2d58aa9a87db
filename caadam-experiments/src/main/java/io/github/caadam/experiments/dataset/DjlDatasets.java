// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.basicdataset.cv.classification.Cifar10;
import ai.djl.basicdataset.cv.classification.FashionMnist;
import ai.djl.basicdataset.cv.classification.Mnist;
import ai.djl.basicdataset.tabular.AirfoilRandomAccess;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.Repository;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.dataset.SequenceSampler;
import io.github.caadam.experiments.component.BuilderOptions;
import io.github.caadam.experiments.component.ClassFamily;
import io.github.caadam.experiments.component.ComponentSet;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.component.Supply;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;

/**
 * DJL's data sets: those of {@code ai.djl:basicdataset} that fit a study, by name, and any {@link
 * RandomAccessDataset} by its class, with the options of its builder. The suite says which rows are
 * asked for ({@code optUsage}), and in which order (theirs).
 */
public final class DjlDatasets implements ComponentSet, ClassFamily {

    private static final String USAGE = "usage";
    private static final String MANAGER = "manager";
    private static final String SAMPLER = "sampler";
    private static final String REPOSITORY = "repository";

    private static final List<Supply> SUPPLIES =
            List.of(
                    Supply.ofType(USAGE, Usage.class),
                    Supply.ofType(MANAGER, NDManager.class),
                    Supply.ofType(SAMPLER, Sampler.class),
                    Supply.ofType(REPOSITORY, Repository.class),
                    // Has its value already, which no study has words for.
                    Supply.ofType("csv-format", CSVFormat.class));

    private final Optional<Repository> repository;

    /** Creates the set. */
    public DjlDatasets() {
        this(Optional.empty());
    }

    /**
     * Creates the set.
     *
     * @param repository where data are looked for in place of DJL's own repository
     */
    public DjlDatasets(Optional<Repository> repository) {
        this.repository = repository;
    }

    @Override
    public Kind kind() {
        return Kind.DATA;
    }

    @Override
    public List<DjlData> members() {
        return List.of(
                named(
                        "djl:cifar10",
                        "DJL's CIFAR-10: 50,000 and 10,000 images of 3 × 32 × 32, 10 classes",
                        Cifar10.class,
                        Task.CLASSIFICATION),
                named(
                        "djl:fashion-mnist",
                        "DJL's Fashion-MNIST: 60,000 and 10,000 images of 1 × 28 × 28, 10 classes",
                        FashionMnist.class,
                        Task.CLASSIFICATION),
                named(
                        "djl:mnist",
                        "DJL's MNIST: 60,000 and 10,000 images of 1 × 28 × 28, 10 classes",
                        Mnist.class,
                        Task.CLASSIFICATION),
                named(
                        "djl:airfoil",
                        "DJL's airfoil self-noise: 1,503 rows, 5 features, regression; say which"
                                + " share to test on",
                        AirfoilRandomAccess.class,
                        Task.REGRESSION));
    }

    private DjlData named(String name, String description, Class<?> type, Task task) {
        return new DjlData(name, description, new OfClass(type, Optional.of(task), repository));
    }

    @Override
    public Class<?> type() {
        return RandomAccessDataset.class;
    }

    @Override
    public Named of(Class<?> found) {
        return new DjlData(
                found.getName(),
                "the class " + found.getName(),
                new OfClass(found, Optional.empty(), repository));
    }

    /**
     * Makes sets of a class. It looks at the builder only when it is asked for something, as DJL's
     * builders load the engine.
     */
    private static final class OfClass implements DjlData.Maker {

        private final Class<?> type;
        private final Optional<Task> task;
        private final Optional<Repository> repository;
        private BuilderOptions<RandomAccessDataset> builder;

        OfClass(Class<?> type, Optional<Task> task, Optional<Repository> repository) {
            this.type = type;
            this.task = task;
            this.repository = repository;
        }

        private synchronized BuilderOptions<RandomAccessDataset> builder() {
            if (builder == null) {
                builder = BuilderOptions.of(type, RandomAccessDataset.class, SUPPLIES);
            }
            return builder;
        }

        @Override
        public List<Option<?>> options() {
            return builder().options().stream()
                    .filter(
                            option ->
                                    ArraySplit.OPTIONS.stream()
                                            .noneMatch(ours -> ours.name().equals(option.name())))
                    .toList();
        }

        @Override
        public RandomAccessDataset make(Usage usage, NDManager manager, Options options) {
            if (usage == Usage.TEST && !builder().takes(USAGE)) {
                throw new UnsupportedOperationException("no usage");
            }
            Map<String, Object> supplied = new HashMap<>();
            supplied.put(USAGE, usage);
            supplied.put(MANAGER, manager);
            supplied.put(SAMPLER, new BatchSampler(new SequenceSampler(), 1, false));
            repository.ifPresent(one -> supplied.put(REPOSITORY, one));
            return builder().build(options, supplied);
        }

        @Override
        public Options complete(Options options) {
            Options complete = builder().complete(options);
            if (task.isEmpty() || complete.find(ArraySplit.TASK).isPresent()) {
                return complete;
            }
            return complete.with(Map.of(ArraySplit.TASK.name(), Option.word(task.get())));
        }
    }
}
