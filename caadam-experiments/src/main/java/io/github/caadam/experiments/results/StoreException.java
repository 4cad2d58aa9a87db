// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.io.IOException;
import java.nio.file.Path;

/** A result that could not be kept: a full disk, a directory that cannot be written. */
public final class StoreException extends IOException {

    private static final long serialVersionUID = 1L;

    StoreException(Path directory, IOException cause) {
        super(
                "A result could not be kept in "
                        + directory
                        + ": "
                        + reason(cause)
                        + ". What was kept before is safe; make room or make it writable, and the"
                        + " same command goes on.",
                cause);
    }

    private static String reason(IOException cause) {
        return cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : cause.getClass().getSimpleName() + " " + cause.getMessage();
    }
}
