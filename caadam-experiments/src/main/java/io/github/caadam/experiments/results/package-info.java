// SPDX-License-Identifier: Apache-2.0
/** What a run leaves behind: one JSON file per run, and {@code runs.csv} over all of them. */
package io.github.caadam.experiments.results;
