// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import java.nio.file.Path;
import java.util.List;

/**
 * Where files are.
 *
 * @since 0.1.0
 */
public interface DataContext {

    /**
     * Returns where a file of the study is. A relative path is relative to the study's YAML file.
     *
     * @param file the path as the study gives it
     * @return the path, which need not exist
     * @throws IllegalArgumentException if it is no path of this machine
     */
    Path resolve(String file);

    /**
     * Returns where data sets with files of their own are looked for.
     *
     * @return the directories, first one first, {@link #cache} last
     */
    List<Path> searchPath();

    /**
     * Returns where a download is kept.
     *
     * @return the directory, which need not exist
     */
    Path cache();
}
