// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

/**
 * What options are chosen for.
 *
 * @param data the data
 * @param model the network
 * @param tuner what is tried
 */
public record TuningCase(Part data, Part model, Tuner tuner) {}
