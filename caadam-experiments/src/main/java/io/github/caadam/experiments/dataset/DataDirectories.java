// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where data files are looked for, in order: the directory that the user named, the one that the
 * environment variable {@code CAADAM_DATA_DIR} names, and the user's cache, which is also where a
 * download is kept.
 *
 * @param searchPath the directories to look in, first one first
 * @param cache where a download is kept; the last element of the search path
 */
public record DataDirectories(List<Path> searchPath, Path cache) {

    /** Copies the search path. */
    public DataDirectories {
        searchPath = List.copyOf(searchPath);
        Objects.requireNonNull(cache, "cache");
    }

    /**
     * Builds the search path of this process.
     *
     * @param dataDir the directory that the user named, if any
     * @return the directories
     */
    public static DataDirectories of(Optional<Path> dataDir) {
        return of(dataDir, System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static DataDirectories of(Optional<Path> dataDir, Map<String, String> environment, Path home) {
        Path cacheHome = nonBlank(environment, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        Path cache = cacheHome.resolve("caadam");
        List<Path> searchPath =
                Stream.of(dataDir, nonBlank(environment, "CAADAM_DATA_DIR"), Optional.of(cache))
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList();
        return new DataDirectories(searchPath, cache);
    }

    private static Optional<Path> nonBlank(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank()).map(Path::of);
    }
}
