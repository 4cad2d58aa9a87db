// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import ai.djl.Device;
import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;

/**
 * What an optimizer and a schedule may know of a training.
 *
 * @param block the network, with its initial weights drawn or not
 * @param learningRate the learning rate, which the study's schedule gives; a schedule that is being
 *     built sees the base
 * @param epochs the most epochs, 1 or more
 * @param stepsPerEpoch the steps of an epoch, 1 or more
 * @param batchSize rows per step, 1 or more
 * @param seed the seed of the run
 * @param device where it trains
 * @since 0.1.0
 */
public record TrainingContext(
        Block block,
        Tracker learningRate,
        int epochs,
        int stepsPerEpoch,
        int batchSize,
        int seed,
        Device device) {}
