// SPDX-License-Identifier: Apache-2.0
/** Finished runs in groups that can be compared: by problem and by optimizer. */
package io.github.caadam.experiments.analysis;
