// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The format of a store, which {@code store.json} names. */
final class StoreFormat {

    /** What is written and read. */
    static final int CURRENT = 2;

    static final String FILE = "store.json";

    private static final String FORMAT = "format";
    private static final ObjectMapper JSON = new ObjectMapper();

    private StoreFormat() {}

    /**
     * Refuses a store of another format.
     *
     * @param store its directory, which need not exist
     * @return whether the file that names the format is there and whole
     * @throws IOException if the store is older or newer; the message says what to do
     */
    static boolean check(Path store) throws IOException {
        JsonNode named = read(store.resolve(FILE)).path(FORMAT);
        double format = named.isNumber() ? named.doubleValue() : 0;
        if (format > CURRENT) {
            throw new IOException(
                    store
                            + " is a store of format "
                            + named
                            + ", and this version of caadam knows formats up to "
                            + CURRENT
                            + ". Nothing was changed in it; use the version that made it, or a"
                            + " newer one.");
        }
        if (format == CURRENT) {
            return true;
        }
        if (format == 1 || isFirst(store)) {
            throw new IOException(
                    store
                            + " is a store of format 1, of an older version. Nothing was changed in"
                            + " it; \"caadam migrate "
                            + store
                            + " NEW\" copies it into a new directory.");
        }
        return false;
    }

    /** The first format had no file that names it, and its plan another name. */
    static boolean isFirst(Path store) throws IOException {
        if (isThere(store.resolve(FILE)) || isThere(store.resolve(StoreLayout.PLAN))) {
            return false;
        }
        return isThere(store.resolve(StoreLayout.FIRST_PLAN))
                || holdsFiles(store.resolve(StoreLayout.RUNS));
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean holdsFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().endsWith(".json"));
        }
    }

    static void write(Path store) throws IOException {
        WholeFile.write(
                store.resolve(FILE),
                JSON.writeValueAsString(JSON.createObjectNode().put(FORMAT, CURRENT)) + "\n");
    }

    private static JsonNode read(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return JSON.missingNode();
        }
        try {
            return JsonFile.read(file, JSON, JsonNode.class);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }
}
