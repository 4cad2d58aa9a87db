// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.DataContext;
import java.nio.file.Files;
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
public record DataDirectories(List<Path> searchPath, Path cache) implements DataContext {

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

    /**
     * Resolves against the working directory, as for a study that is no file. Of a file that is not
     * where the study has it, as on another machine, one of its name is taken from the search path.
     */
    @Override
    public Path resolve(String file) {
        Path path = Path.of(file);
        if (Files.exists(path) || path.getFileName() == null) {
            return path;
        }
        return searchPath.stream()
                .map(directory -> directory.resolve(path.getFileName()))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(path);
    }

    /**
     * Returns these directories for a study that is a file.
     *
     * @param folder the directory of the study's file
     * @return the same directories, with paths relative to that one
     */
    public DataContext relativeTo(Path folder) {
        return new StudyFolder(this, folder);
    }

    /** The directories, and the one that a study's paths are relative to. */
    private record StudyFolder(DataDirectories directories, Path folder) implements DataContext {

        @Override
        public Path resolve(String file) {
            return folder.resolve(file);
        }

        @Override
        public List<Path> searchPath() {
            return directories.searchPath();
        }

        @Override
        public Path cache() {
            return directories.cache();
        }
    }

    private static Optional<Path> nonBlank(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank()).map(Path::of);
    }
}
