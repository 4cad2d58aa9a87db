// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.IOException;

/**
 * A worker process does not start, so that no run was tried; the message says what it printed.
 *
 * @since 0.1.0
 */
public final class WorkerStartException extends IOException {

    private static final long serialVersionUID = 1L;

    WorkerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
