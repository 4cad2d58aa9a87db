// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

/**
 * What tables call a run, which determines nothing.
 *
 * @param data the data
 * @param model the network
 * @param optimizer the optimizer
 * @param strategy what distinguishes the row from others of that optimizer
 * @param tuning {@code tuned} or {@code tuned-as=ROW} where options are chosen; else empty
 */
public record Labels(String data, String model, String optimizer, String strategy, String tuning) {}
