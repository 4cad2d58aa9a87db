// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.engine.Engine;
import ai.djl.util.Utils;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.experiments.dataset.TrainTestData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inside of a worker process: takes runs as lines of JSON, makes them one after the other, and
 * answers each with a line of JSON. It ends when its input does, even in the middle of a run, so
 * that no worker outlives the process that started it.
 */
public final class WorkerServer {

    /** The option of a worker that names where the states of runs under way are kept. */
    public static final String CHECKPOINTS = "--checkpoints";

    private static final Logger logger = LoggerFactory.getLogger(WorkerServer.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataDirectories directories;
    private final Optional<Path> checkpoints;
    private final Map<String, TrainTestData> loaded = new HashMap<>();

    /**
     * Creates a server.
     *
     * @param directories where to look for data
     * @param checkpoints where the states of runs under way are kept and found; empty for nowhere
     */
    public WorkerServer(DataDirectories directories, Optional<Path> checkpoints) {
        this.directories = directories;
        this.checkpoints = checkpoints;
    }

    /**
     * Serves until the input ends, then ends the process.
     *
     * @param in where tasks come from
     * @param out where replies go; nothing else may write to it
     * @throws IOException if a task cannot be read or its data not be had
     * @throws InterruptedException if this thread is interrupted
     */
    public void serve(InputStream in, PrintStream out) throws IOException, InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(in, lines), "tasks");
        reader.setDaemon(true);
        reader.start();
        loadEngine();
        while (true) {
            RunTask task = RunTask.fromJson(lines.take());
            out.println(JSON.writeValueAsString(reply(task)));
            out.flush();
        }
    }

    /**
     * Loads the engine, one worker of a user at a time: DJL 0.36.0 unpacks the engine's libraries
     * into its cache, and replaces what is there, without a lock. A cache that cannot be written
     * needs none.
     */
    @SuppressWarnings("try") // The lock is held, not used.
    private static void loadEngine() {
        try (FileChannel file =
                        FileChannel.open(
                                Files.createDirectories(Utils.getEngineCacheDir())
                                        .resolve("caadam.lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            Engine.getInstance();
        } catch (IOException e) {
            logger.debug("The engine is loaded without a lock.", e);
            Engine.getInstance();
        }
    }

    private static void read(InputStream in, BlockingQueue<String> lines) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            logger.error("The input of tasks broke off.", e);
        }
        Runtime.getRuntime().halt(0);
    }

    private RunReply reply(RunTask task) throws IOException {
        TrainTestData data = loaded.get(task.spec().dataset());
        if (data == null) {
            data = DatasetRegistry.byName(task.spec().dataset()).load(directories);
            loaded.put(task.spec().dataset(), data);
        }
        if (!task.id().equals(task.spec().id(data.digest()))) {
            return new RunReply(
                    null,
                    "its worker's data or code is not that of the study: data "
                            + data.digest()
                            + " of "
                            + data.source());
        }
        try {
            RunExecutor executor =
                    new RunExecutor(task.study(), data, task.djlDevice(), checkpoints);
            return new RunReply(executor.execute(task.spec()), null);
        } catch (RuntimeException e) {
            logger.error("The run {} failed.", task.spec().label(), e);
            return new RunReply(null, e.toString());
        }
    }
}
