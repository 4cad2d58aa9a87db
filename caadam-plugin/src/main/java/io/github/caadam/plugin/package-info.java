// SPDX-License-Identifier: Apache-2.0
/**
 * What a plug-in implements. A study names five kinds of component: data, models, optimizers,
 * metrics and learning-rate schedules. Each kind has an interface here. A jar lists its
 * implementations under {@code META-INF/services}, and a study names them by {@link
 * io.github.caadam.plugin.Named#name}.
 *
 * <p>An optimizer or a block that follows DJL's own conventions needs nothing of this: a study names
 * its class.
 *
 * @since 0.1.0
 */
package io.github.caadam.plugin;
