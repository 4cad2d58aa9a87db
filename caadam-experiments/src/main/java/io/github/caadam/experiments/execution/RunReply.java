// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.RunRecord;

/**
 * What a worker answers, as one line of JSON on its standard output.
 *
 * @param run the run, or null if it failed
 * @param failure why it failed, or null
 */
record RunReply(RunRecord run, String failure) {}
