// SPDX-License-Identifier: Apache-2.0
/**
 * What the suite has of the paper (Genet and Inzirillo, CaAdam: Improving Adam optimizer using
 * connection aware methods, 2024): its optimizers, its network, its data, its numbers and its
 * tables. It is a plug-in as a stranger's would be, found as services; no other package depends on
 * it.
 */
package io.github.caadam.experiments.paper;
