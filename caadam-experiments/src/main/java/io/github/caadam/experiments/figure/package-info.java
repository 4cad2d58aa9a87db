// SPDX-License-Identifier: Apache-2.0
/** Figures of finished runs and of networks, as PNG and SVG. */
package io.github.caadam.experiments.figure;
