// SPDX-License-Identifier: Apache-2.0
/** Connection-aware optimizers for DJL. */
package io.github.caadam.optimizer;
