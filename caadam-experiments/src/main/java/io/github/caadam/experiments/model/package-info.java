// SPDX-License-Identifier: Apache-2.0
/** The networks of the paper, and how their initial weights are drawn. */
package io.github.caadam.experiments.model;
