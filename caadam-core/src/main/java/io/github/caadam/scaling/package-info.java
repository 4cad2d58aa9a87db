// SPDX-License-Identifier: Apache-2.0
/**
 * Scaling strategies: formulas that turn a parameter's place in the network into a factor on its
 * learning rate.
 */
package io.github.caadam.scaling;
