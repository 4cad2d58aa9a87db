// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/**
 * A directory that no path made here leaves: each name is one part of a path, and no part below the
 * directory is a symbolic link. The directory itself may be one, as the user named it.
 *
 * @since 0.1.0
 */
public final class Enclosure {

    private final Path root;

    /**
     * Encloses a directory, which need not exist.
     *
     * @param root the directory
     */
    public Enclosure(Path root) {
        this.root = root;
    }

    /**
     * Returns the directory.
     *
     * @return the directory, as it was given
     */
    public Path root() {
        return root;
    }

    /**
     * Returns a path below the directory; nothing need exist there.
     *
     * @param names the names of the directories on the way, and of the file or directory
     * @return the path
     * @throws IOException if a name is empty, {@code .}, {@code ..} or several parts, or a part of
     *     the path is a link
     */
    public Path child(String... names) throws IOException {
        Path path = root;
        for (String name : names) {
            path = path.resolve(part(name));
            if (Files.isSymbolicLink(path)) {
                throw new IOException(
                        path
                                + " is a link, which could lead out of "
                                + root
                                + "; put what it names in its place.");
            }
        }
        return path;
    }

    private Path part(String name) throws IOException {
        try {
            Path part = Path.of(name);
            boolean one = part.getNameCount() == 1 && !part.isAbsolute() && !name.isEmpty();
            if (one && part.toString().equals(name) && !name.equals(".") && !name.equals("..")) {
                return part;
            }
        } catch (InvalidPathException e) {
            throw new IOException(notAName(name), e);
        }
        throw new IOException(notAName(name));
    }

    private String notAName(String name) {
        return "\"" + name.replace('\0', '?') + "\" names no file in " + root + ".";
    }

    /**
     * Creates a directory below the directory, and those on the way.
     *
     * @param names as for {@link #child}
     * @return the directory
     * @throws IOException as {@link #child}, or if it cannot be created
     */
    public Path directory(String... names) throws IOException {
        return Files.createDirectories(child(names));
    }

    /**
     * Lists the regular files of a directory below the directory. Links, directories and devices
     * are not among them.
     *
     * @param suffix how the names end
     * @param names as for {@link #child}
     * @return the files, by name; none if there is no such directory
     * @throws IOException as {@link #child}, or if it cannot be read
     */
    public List<Path> files(String suffix, String... names) throws IOException {
        Path directory = child(names);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Deletes a file or a directory with all that it holds. Of a link, the link goes and what it
     * names stays.
     *
     * @param names as for {@link #child}, of which only the last may be a link
     * @throws IOException as {@link #child}, or if something cannot be deleted
     */
    public void delete(String... names) throws IOException {
        String[] way = List.of(names).subList(0, names.length - 1).toArray(String[]::new);
        Path path = child(way).resolve(part(names[names.length - 1]));
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        PathUtils.delete(path);
    }
}
