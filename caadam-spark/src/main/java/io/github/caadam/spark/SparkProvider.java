// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spark;

import io.github.caadam.experiments.execution.ClusterProvider;
import io.github.caadam.experiments.execution.RunPool;
import io.github.caadam.experiments.execution.WorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
        JavaSparkContext context = start(configuration);
        files.forEach(file -> context.addFile(file.toString()));
        settings.plugins().forEach(jar -> context.addFile(jar.path().toString()));
        return new SparkPool(context, settings);
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
