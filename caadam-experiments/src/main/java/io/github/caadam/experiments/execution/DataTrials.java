// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.study.Part;
import io.github.caadam.experiments.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Loads the data of a study, where they are not the suite's own, in a process of its own first,
 * which may hang, exit or crash. This process loads them after that, as it must know them to plan.
 */
public final class DataTrials {

    private static final int LOG_LINES = 3;

    private final WorkerSettings settings;

    private DataTrials(WorkerSettings settings) {
        this.settings =
                new WorkerSettings(
                        1,
                        settings.arguments(),
                        settings.devices(),
                        Integer.MAX_VALUE,
                        0,
                        settings.epochTimeoutSeconds(),
                        settings.silenceSeconds());
    }

    /**
     * Checks that data can be loaded.
     *
     * @param study the study
     * @param settings the processes of its runs, whose time without an epoch is that for loading
     * @throws IllegalArgumentException if some cannot; the message names them and the reason
     * @throws IOException if no process can be started
     */
    public static void require(Study study, WorkerSettings settings) throws IOException {
        Set<Component> foreign = new LinkedHashSet<>();
        for (Part part : study.data()) {
            if (!part.component().isOfSuite()) {
                foreign.add(part.component());
            }
        }
        DataTrials trials = new DataTrials(settings);
        for (Component data : foreign) {
            trials.load(study.name(), data);
        }
    }

    private void load(String study, Component data) throws IOException {
        Path log = Files.createTempFile("caadam-data", ".log");
        try (WorkerProcess process =
                WorkerProcess.start(
                        settings.arguments(), true, log, settings.silenceSeconds(), () -> false)) {
            String reason = process.run(RunTask.ofData(study, data), settings).failure();
            if (reason != null) {
                throw unfit(data, reason, List.of());
            }
        } catch (WorkerProcess.HangsException e) {
            throw unfit(
                    data,
                    "it hangs: loading took longer than the "
                            + settings.epochTimeoutSeconds()
                            + " s of --epoch-timeout",
                    List.of());
        } catch (WorkerProcess.WorkerDiedException e) {
            throw unfit(data, e.getMessage(), WorkerProcess.lastLines(log, 0, LOG_LINES));
        } finally {
            Files.delete(log);
        }
    }

    private static IllegalArgumentException unfit(
            Component data, String reason, List<String> printed) {
        return new IllegalArgumentException(
                "The "
                        + data
                        + " cannot be loaded: "
                        + reason
                        + "."
                        + (printed.isEmpty() ? "" : " It printed: " + String.join(" ", printed)));
    }
}
