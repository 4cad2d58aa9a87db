// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

/**
 * What data ask of a network.
 *
 * @since 0.1.0
 */
public enum Task {
    /** To predict a number: one output, the mean squared error as loss. */
    REGRESSION,
    /** To predict one of several classes: an output for each, softmax cross entropy as loss. */
    CLASSIFICATION
}
