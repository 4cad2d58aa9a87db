// SPDX-License-Identifier: Apache-2.0
/** Runs a study: resumes, reports progress and keeps every finished run. */
package io.github.caadam.experiments.execution;
