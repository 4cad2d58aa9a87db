/** Connection-aware optimizers for DJL. */
package io.github.caadam.optimizer;
