// SPDX-License-Identifier: Apache-2.0
/**
 * Scaling strategies that only an experiment needs: another strategy's factors averaged, moved to
 * other layers or kept on a part of the parameters, and factors that are drawn. They tell what a
 * strategy gains by its choice of layers from what it gains by a larger learning rate.
 */
package io.github.caadam.experiments.control;
