// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.training.OptimizerSpec;

/**
 * What a learning rate is chosen for.
 *
 * @param dataset the data set's name
 * @param model the network
 * @param optimizer the tuned optimizer, as the study has it
 */
public record TuningCase(String dataset, ModelSpec model, OptimizerSpec optimizer) {}
