// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spark;

import io.github.caadam.experiments.execution.RunOutcome;
import io.github.caadam.experiments.execution.RunPool;
import io.github.caadam.experiments.execution.RunTask;
import io.github.caadam.experiments.execution.WorkerSettings;
import io.github.caadam.experiments.execution.WorkerStartException;
import io.github.caadam.experiments.results.RunFailure;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.collection.immutable.Range;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;

/**
 * Makes runs on Spark's executors. Each run is a job of its own with one task, so that Spark starts
 * them in their order, hands each result over as soon as it is there, tries a lost one again, and
 * gives up none but that which it lost too often.
 */
final class SparkPool implements RunPool {

    private static final int DEFAULT_TASK_FAILURES = 4;

    private final JavaSparkContext context;
    private final WorkerSettings settings;
    private final AtomicReference<IOException> unkept = new AtomicReference<>();
    private volatile boolean closed;

    SparkPool(JavaSparkContext context, WorkerSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    @Override
    public int size() {
        return Math.max(context.defaultParallelism(), 1);
    }

    @Override
    public void run(List<RunTask> tasks, Results results) throws IOException, InterruptedException {
        List<SimpleFutureAction<Object>> jobs = submit(tasks, results);
        for (int i = 0; i < jobs.size() && !closed; i++) {
            try {
                FutureConverters.asJava(jobs.get(i)).toCompletableFuture().get();
            } catch (ExecutionException e) {
                lost(tasks.get(i), e.getCause(), results);
            }
        }
        if (unkept.get() != null) {
            throw unkept.get();
        }
    }

    private List<SimpleFutureAction<Object>> submit(List<RunTask> tasks, Results results)
            throws IOException {
        List<SimpleFutureAction<Object>> jobs = new ArrayList<>();
        if (tasks.isEmpty()) {
            return jobs;
        }
        try {
            List<String> lines = tasks.stream().map(RunTask::toJson).toList();
            RDD<String> partitions = context.parallelize(lines, lines.size()).rdd();
            RunFunction function = new RunFunction(settings);
            for (int i = 0; i < lines.size(); i++) {
                context.sc().setJobDescription(tasks.get(i).label());
                jobs.add(
                        context.sc()
                                .submitJob(
                                        partitions,
                                        function,
                                        new Range.Inclusive(i, i, 1),
                                        (partition, outcome) -> keep(outcome, results),
                                        () -> null));
            }
            return jobs;
        } catch (IllegalStateException e) {
            if (context.sc().isStopped()) {
                throw ended(e);
            }
            throw e;
        }
    }

    /** Called by Spark's scheduler, one outcome at a time. */
    private BoxedUnit keep(String outcome, Results results) {
        try {
            RunOutcome.fromJson(outcome).giveTo(results);
        } catch (IOException e) {
            unkept.compareAndSet(null, e);
            context.sc().cancelAllJobs();
        }
        return BoxedUnit.UNIT;
    }

    private void lost(RunTask task, Throwable cause, Results results) throws IOException {
        if (closed || unkept.get() != null) {
            return;
        }
        if (context.sc().isStopped()) {
            throw ended(cause);
        }
        // Spark hands over no exception of an executor, but its text.
        if (String.valueOf(cause.getMessage()).contains(WorkerStartException.class.getName())) {
            throw new IOException(
                    "Workers do not start on the cluster: "
                            + firstLine(cause)
                            + " What is finished is kept; the same command goes on.",
                    cause);
        }
        results.failed(
                new RunFailure(
                        task.id(),
                        task.label(),
                        firstLine(cause),
                        context.getConf().getInt("spark.task.maxFailures", DEFAULT_TASK_FAILURES),
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        String.valueOf(cause.getMessage()).lines().toList()));
    }

    private static IOException ended(Throwable cause) {
        return new IOException(
                "Spark ended before the runs did ("
                        + firstLine(cause)
                        + "). What is finished is kept; the same command goes on.",
                cause);
    }

    /** What Spark says goes on with the stacks of several threads. */
    static String firstLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        closed = true;
        Workers.close();
        context.close();
    }
}
