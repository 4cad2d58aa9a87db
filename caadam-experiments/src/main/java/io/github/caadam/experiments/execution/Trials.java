// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.results.Enclosure;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.study.RunSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains, before any run is made, each combination of a study's data, network, optimizer and
 * protocol for two steps on a few rows, where a part of it is not the suite's own: an engine may
 * not run an optimizer, and a plug-in may be broken. This happens in a process of its own, which
 * may hang, exit or crash. Runs of what fails are not started.
 */
final class Trials {

    /** How long a trial may take beside the loading of its data; a machine may be busy. */
    private static final long SECONDS = 300;

    /** How much longer another process may take to load data than this one took. */
    private static final int SLOWER = 5;

    private static final int LOG_LINES = 20;

    private static final Logger logger = LoggerFactory.getLogger(Trials.class);

    private final String study;
    private final WorkerSettings settings;
    private final Path log;
    private final long seconds;
    private final Map<String, Failure> results = new HashMap<>();

    /**
     * Why runs are not started.
     *
     * @param reason the reason; empty for runs that can be started
     * @param log the end of what the process printed
     */
    record Failure(String reason, List<String> log) {

        static final Failure NONE = new Failure("", List.of());
    }

    /**
     * Prepares trials.
     *
     * @param study the study that asks for them
     * @param settings the processes of its runs
     * @param out the directory of its results, where the process's log goes
     * @param loadSeconds how long this process took to load the data
     * @throws IOException if the log is a link
     */
    Trials(String study, WorkerSettings settings, Path out, double loadSeconds) throws IOException {
        this.study = study;
        long most = SECONDS + (long) Math.ceil(SLOWER * loadSeconds);
        long allowed = settings.epochTimeoutSeconds();
        this.seconds = allowed == 0 ? most : Math.min(most, allowed);
        this.settings =
                new WorkerSettings(
                        1,
                        settings.arguments(),
                        settings.devices(),
                        Integer.MAX_VALUE,
                        0,
                        seconds,
                        settings.silenceSeconds());
        this.log = new Enclosure(out).child("trials.log");
    }

    /**
     * Makes the trials.
     *
     * @param runs the runs that are to be made
     * @param device where to train
     * @return why runs cannot be made, for those
     * @throws IOException if no process can be started
     */
    Map<PlannedRun, Failure> of(Map<PlannedRun, RunSpec> runs, String device) throws IOException {
        Map<PlannedRun, Failure> failed = new LinkedHashMap<>();
        WorkerProcess process = null;
        try {
            for (Map.Entry<PlannedRun, RunSpec> run : runs.entrySet()) {
                RunSpec spec = run.getValue();
                if (!isNeeded(spec)) {
                    continue;
                }
                String key = key(spec);
                if (!results.containsKey(key)) {
                    if (process == null) {
                        process = start();
                    }
                    Failure result =
                            make(
                                    process,
                                    RunTask.of(run.getKey().id(), study, spec, device).asTrial());
                    results.put(key, result);
                    if (!result.equals(Failure.NONE)) {
                        logger.warn("{} is not trained: {}", spec.configuration(), result.reason());
                        process.close();
                        process = null;
                    }
                }
                if (!results.get(key).equals(Failure.NONE)) {
                    failed.put(run.getKey(), results.get(key));
                }
            }
        } finally {
            if (process != null) {
                process.close();
            }
        }
        return failed;
    }

    private static boolean isNeeded(RunSpec spec) {
        return spec.model().source() != Component.Source.NAME
                || spec.components().stream().anyMatch(one -> !one.isOfSuite());
    }

    /** All of a run but its seed and what it is called. */
    private static String key(RunSpec spec) {
        ObjectNode json = spec.toJson();
        json.remove(List.of("seed", "labels"));
        return json.toString();
    }

    private WorkerProcess start() throws IOException {
        return WorkerProcess.start(
                settings.arguments(), true, log, settings.silenceSeconds(), () -> false);
    }

    private Failure make(WorkerProcess process, RunTask task) {
        long logStart = WorkerProcess.size(log);
        String reason;
        try {
            RunReply reply = process.run(task, settings);
            if (reply.failure() == null) {
                if (!reply.tried().isEmpty()) {
                    logger.warn("{}: {}", task.label(), reply.tried());
                }
                return Failure.NONE;
            }
            reason = reply.failure();
        } catch (WorkerProcess.HangsException e) {
            reason = "it hangs: two steps on a few rows took longer than " + seconds + " s";
        } catch (WorkerProcess.WorkerDiedException e) {
            reason = e.getMessage();
        }
        return new Failure(reason, WorkerProcess.lastLines(log, logStart, LOG_LINES));
    }
}
