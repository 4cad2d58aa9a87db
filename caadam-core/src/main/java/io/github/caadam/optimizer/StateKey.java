// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;

/**
 * Where a state belongs.
 *
 * @param parameterId the parameter
 * @param device the device of the parameter's copy
 */
record StateKey(String parameterId, Device device) {}
