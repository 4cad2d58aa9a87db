// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.Named;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Files that are components themselves. A {@link java.util.ServiceLoader} finds it. */
public interface FileFormat {

    /**
     * Returns what such files are.
     *
     * @return the kind
     */
    Kind kind();

    /**
     * Returns how the names of such files end.
     *
     * @return the ends, such as {@code .pt}
     */
    List<String> extensions();

    /**
     * Opens a file.
     *
     * @param file the file
     * @return the component
     * @throws IOException if it cannot be read, or is none of these
     */
    Named open(Path file) throws IOException;
}
