package io.github.caadam.experiments.dataset;

import java.util.List;

/** The data sets that studies can name. */
public final class DatasetRegistry {

    private static final List<ExperimentDataset> DATASETS =
            List.of(
                    new CaliforniaHousing(),
                    new Friedman1(),
                    Cifar.ten(),
                    Cifar.hundred(),
                    new FashionMnist());

    private DatasetRegistry() {}

    /**
     * Returns all data sets.
     *
     * @return the data sets
     */
    public static List<ExperimentDataset> all() {
        return DATASETS;
    }

    /**
     * Finds a data set.
     *
     * @param name its name
     * @return the data set
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    public static ExperimentDataset byName(String name) {
        return DATASETS.stream()
                .filter(dataset -> dataset.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown data set \""
                                                + name
                                                + "\"; valid are: "
                                                + String.join(
                                                        ", ",
                                                        DATASETS.stream()
                                                                .map(ExperimentDataset::name)
                                                                .toList())
                                                + "."));
    }
}
