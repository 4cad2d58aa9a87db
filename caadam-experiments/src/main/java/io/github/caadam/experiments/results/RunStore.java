package io.github.caadam.experiments.results;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The finished runs of a directory: {@code DIR/runs/ID.json}. A file is written under a temporary
 * name and then renamed, so that a kill leaves either a whole file or none.
 */
public final class RunStore {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    private final Path directory;

    /**
     * Opens a store.
     *
     * @param out the directory that the user named; {@code runs/} below it is created if missing
     * @throws IOException if it cannot be created
     */
    public RunStore(Path out) throws IOException {
        directory = Files.createDirectories(out.resolve("runs"));
    }

    /**
     * Returns whether a run is in the store, without reading it.
     *
     * @param id the run's id
     * @return whether its file exists
     */
    public boolean contains(String id) {
        return Files.exists(file(id));
    }

    /**
     * Reads a run.
     *
     * @param id the run's id
     * @return the run, or empty if it is not in the store
     * @throws IOException if its file is not a run; the message says which file to delete
     */
    public Optional<RunRecord> find(String id) throws IOException {
        Path file = file(id);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), RunRecord.class));
        } catch (JacksonException e) {
            throw new IOException(
                    file
                            + " is not a run: "
                            + e.getOriginalMessage()
                            + ". Delete it and run again.",
                    e);
        }
    }

    /**
     * Keeps a run, replacing an earlier one of the same id.
     *
     * @param run the run
     * @throws IOException if it cannot be written
     */
    public void save(RunRecord run) throws IOException {
        Path temporary = Files.createTempFile(directory, run.id(), ".part");
        try {
            Files.writeString(temporary, JSON.writeValueAsString(run) + "\n");
            Files.move(
                    temporary,
                    file(run.id()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Path file(String id) {
        return directory.resolve(id + ".json");
    }
}
