// SPDX-License-Identifier: Apache-2.0
/**
 * The structure of a network: which trainable parameters a {@code Block} tree has, how many
 * connections each belongs to, and how deep it sits.
 */
package io.github.caadam.structure;
