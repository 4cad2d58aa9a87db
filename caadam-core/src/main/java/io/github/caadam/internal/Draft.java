// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file or directory that is written beside its place and moved there when it is complete. It is
 * called {@code NAME.UUID.part} until then. Beside it lies {@code NAME.UUID.part.lock}, which this
 * process holds locked as long as it writes. The operating system frees the lock of a process that
 * was killed, so that {@link #sweep} can tell what is left over from what is being written.
 *
 * <p>A lock that does not reach another machine, as on some network file systems, cannot tell: do
 * not write to one directory from two machines there. Nothing is swept on a file system without
 * locks.
 *
 * @since 0.1.0
 */
public final class Draft implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Draft.class);

    private static final String LOCK = ".lock";
    private static final Pattern LOCK_NAME =
            Pattern.compile(
                    ".+\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\.part"
                            + "\\.lock");

    /** The locks of this process, which it must not open again: closing them would free them. */
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private Draft(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Begins a draft.
     *
     * @param target where it will be; missing directories are created
     * @return the draft, for which there is no file or directory yet
     * @throws IOException if nothing can be written there
     */
    public static Draft of(Path target) throws IOException {
        Path directory = Objects.requireNonNull(target.toAbsolutePath().getParent(), "directory");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        Draft draft = null;
        while (draft == null) {
            draft =
                    begin(
                            directory.resolve(
                                    target.getFileName() + "." + UUID.randomUUID() + ".part"));
        }
        return draft;
    }

    /** Begins a draft, or returns null where another process swept its lock before it was held. */
    private static Draft begin(Path path) throws IOException {
        Path file = lockOf(path);
        OWN.add(nameOf(file));
        FileChannel channel = null;
        Draft draft = null;
        try {
            channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (isLocked(channel) && Files.exists(file)) {
                draft = new Draft(path, channel);
            }
            return draft;
        } finally {
            if (draft == null) {
                release(file, channel);
            }
        }
    }

    private static boolean isLocked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | UnsupportedOperationException e) {
            logger.debug("This file system has no locks; nothing is swept here.", e);
            return true;
        }
    }

    private static void release(Path file, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                Files.deleteIfExists(file);
                channel.close();
            }
        } finally {
            OWN.remove(nameOf(file));
        }
    }

    private static Path lockOf(Path path) {
        return path.resolveSibling(path.getFileName() + LOCK);
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString();
    }

    /**
     * Returns where to write.
     *
     * @return the path of a file or directory, still to be created
     */
    public Path path() {
        return path;
    }

    /**
     * Moves what was written to its place, in one step. A file that is there is replaced.
     *
     * @param target the place, in the same directory
     * @throws IOException if it cannot be moved, as where a directory is that is not empty
     */
    public void publish(Path target) throws IOException {
        Files.move(
                path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes what was not published. What cannot be deleted is a logged warning. */
    @Override
    public void close() {
        Path file = lockOf(path);
        try {
            deleteTree(path);
            release(file, lock);
        } catch (IOException e) {
            logger.warn("{} cannot be deleted: {}", path, e.toString());
            abandon(file);
        }
    }

    /** Leaves the draft to the next sweep. */
    private void abandon(Path file) {
        try {
            lock.close();
        } catch (IOException e) {
            logger.debug("{} cannot be closed.", file, e);
        } finally {
            OWN.remove(nameOf(file));
        }
    }

    /**
     * Deletes a file or directory, so that it is under its name whole or not at all.
     *
     * @param path the file or directory
     * @throws IOException if it cannot be deleted; it may be left under the name of a draft then,
     *     to be swept
     */
    public static void delete(Path path) throws IOException {
        Draft draft = of(path);
        boolean isGone = false;
        try {
            Files.move(path, draft.path, StandardCopyOption.ATOMIC_MOVE);
            deleteTree(draft.path);
            isGone = true;
        } finally {
            if (isGone || !Files.exists(draft.path, LinkOption.NOFOLLOW_LINKS)) {
                release(lockOf(draft.path), draft.lock);
            } else {
                draft.abandon(lockOf(draft.path));
            }
        }
    }

    /**
     * Deletes the drafts in a directory whose processes were killed. Those of processes that write
     * right now stay. What cannot be deleted is a logged warning.
     *
     * @param directory the directory; need not exist
     */
    public static void sweep(Path directory) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(
                        directory, file -> LOCK_NAME.matcher(nameOf(file)).matches())) {
            for (Path file : files) {
                if (!OWN.contains(nameOf(file))) {
                    sweepOne(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            logger.debug("{} cannot be listed.", directory, e);
        }
    }

    private static void sweepOne(Path file) {
        String name = nameOf(file);
        Path path = file.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held != null) {
                deleteLeftover(path, file);
            }
        } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
            logger.debug("{} cannot be locked.", file, e);
        }
    }

    private static void deleteLeftover(Path path, Path file) {
        try {
            deleteTree(path);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            logger.warn("{}, which a killed save left, cannot be deleted: {}", path, e.toString());
        }
    }

    private static void deleteTree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException e)
                            throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** Returns what it is, in words. */
    @Override
    public String toString() {
        return "Draft(" + path + ")";
    }
}
