// SPDX-License-Identifier: Apache-2.0
/**
 * What the suite has of the paper: its optimizers, its network and its data. It is a plug-in as a
 * stranger's would be, found as services; no other package depends on it.
 */
package io.github.caadam.experiments.paper;
