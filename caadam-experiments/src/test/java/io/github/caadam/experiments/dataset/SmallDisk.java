// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of 64 KiB. Mounting it needs rights that few have; without them the test is
 * skipped.
 */
public final class SmallDisk implements AutoCloseable {

    /** What fits on it. */
    public static final int BYTES = 1 << 16;

    private final Path directory;

    /**
     * Mounts it.
     *
     * @param directory an empty directory
     */
    public SmallDisk(Path directory) throws IOException {
        this.directory = directory;
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + BYTES, "tmpfs", directory.toString()),
                "no file system can be mounted here");
    }

    /** Makes it so that nobody can write to it, whatever his rights. */
    public void lock() throws IOException {
        if (!run("mount", "-o", "remount,ro", directory.toString())) {
            throw new IOException(directory + " cannot be made read-only.");
        }
    }

    /** The directories of a suite that keeps its downloads on the disk. */
    public DataDirectories cache() {
        return new DataDirectories(List.of(directory), directory);
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (!run("umount", directory.toString())) {
            throw new IOException(directory + " cannot be unmounted.");
        }
    }
}
