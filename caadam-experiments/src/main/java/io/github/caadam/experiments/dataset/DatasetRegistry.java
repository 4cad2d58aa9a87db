// SPDX-License-Identifier: Apache-2.0
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
     * Returns the data sets that consist of files.
     *
     * @return the data sets
     */
    public static List<FileDataset> files() {
        return DATASETS.stream()
                .filter(FileDataset.class::isInstance)
                .map(FileDataset.class::cast)
                .toList();
    }

    /**
     * Finds a data set.
     *
     * @param name its name
     * @return the data set
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    public static ExperimentDataset byName(String name) {
        return find(name, DATASETS, "data set");
    }

    /**
     * Finds a data set that consists of files.
     *
     * @param name its name
     * @return the data set
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    public static FileDataset fileByName(String name) {
        return find(name, files(), "data set of files");
    }

    private static <D extends ExperimentDataset> D find(
            String name, List<D> datasets, String kind) {
        return datasets.stream()
                .filter(dataset -> dataset.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Unknown "
                                                + kind
                                                + " \""
                                                + name
                                                + "\"; valid are: "
                                                + String.join(
                                                        ", ",
                                                        datasets.stream()
                                                                .map(ExperimentDataset::name)
                                                                .toList())
                                                + "."));
    }
}
