// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spark;

import io.github.caadam.experiments.execution.ClusterProvider;
import io.github.caadam.experiments.execution.RunPool;
import io.github.caadam.experiments.execution.WorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Connects to Spark as the driver of an application of its own. */
public final class SparkProvider implements ClusterProvider {

    private static final String GPUS_PER_TASK = "spark.task.resource.gpu.amount";

    /** Creates the provider, for the service loader. */
    public SparkProvider() {}

    @Override
    public RunPool connect(String master, String study, WorkerSettings settings, List<Path> files)
            throws IOException {
        SparkConf configuration =
                new SparkConf()
                        .setMaster(master)
                        .setAppName("caadam " + study)
                        .setIfMissing("spark.log.level", "WARN");
        if (Workers.onGpus(settings) && !configuration.contains(GPUS_PER_TASK)) {
            throw new IllegalArgumentException(
                    "--device gpu on Spark needs \"--conf "
                            + GPUS_PER_TASK
                            + "=1\" and executors with GPUs; see docs/spark.md.");
        }
        List<Path> shipped = new ArrayList<>(files);
        settings.plugins().forEach(jar -> shipped.add(jar.path()));
        requireOwnNames(shipped);
        JavaSparkContext context = start(configuration);
        shipped.forEach(file -> context.addFile(file.toString()));
        return new SparkPool(context, settings);
    }

    /** Spark puts all files that it ships into one directory. */
    static void requireOwnNames(List<Path> files) {
        Map<Path, Path> byName = new HashMap<>();
        for (Path file : files) {
            Path other = byName.putIfAbsent(file.getFileName(), file);
            if (other != null && !other.equals(file)) {
                throw new IllegalArgumentException(
                        "Spark ships files by their names, and two have one, "
                                + other
                                + " and "
                                + file
                                + "; rename one of them.");
            }
        }
    }

    /** Spark's constructor throws checked exceptions that it does not declare. */
    private static JavaSparkContext start(SparkConf configuration) throws IOException {
        try {
            return new JavaSparkContext(configuration);
        } catch (Exception e) {
            throw new IOException(
                    "Spark does not start on "
                            + configuration.get("spark.master")
                            + ": "
                            + SparkPool.firstLine(e),
                    e);
        }
    }
}
