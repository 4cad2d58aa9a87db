// SPDX-License-Identifier: Apache-2.0
/**
 * Components of studies: what a name, a class or a file stands for, with all options, and the only
 * look-up of them.
 */
package io.github.caadam.experiments.component;
