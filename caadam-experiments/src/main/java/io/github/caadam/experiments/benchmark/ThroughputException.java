// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

/** A setting cannot be measured here; the message says why. */
final class ThroughputException extends Exception {

    private static final long serialVersionUID = 1L;

    ThroughputException(String message) {
        super(message);
    }
}
