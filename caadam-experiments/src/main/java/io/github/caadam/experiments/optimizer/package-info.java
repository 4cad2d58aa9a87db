// SPDX-License-Identifier: Apache-2.0
/** The library's optimizers as studies name them, with every option of their builders. */
package io.github.caadam.experiments.optimizer;
