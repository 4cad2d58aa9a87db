// SPDX-License-Identifier: Apache-2.0
/**
 * Data sets: where their files are found, how they are verified, and the exact split and
 * preprocessing of the paper.
 */
package io.github.caadam.experiments.dataset;
