// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

/**
 * What a table is called.
 *
 * @param title its title, such as {@code Means}
 * @param file what the names of its files start with
 * @since 0.1.0
 */
public record TableTitle(String title, String file) {}
