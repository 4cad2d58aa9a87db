// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

/**
 * What optimizers are compared on: a network on a data set.
 *
 * @param dataset the data set, such as {@code california-housing}
 * @param architecture the network as the paper's tables name it, such as {@code 64-32}
 */
public record Problem(String dataset, String architecture) {}
