// SPDX-License-Identifier: Apache-2.0
/**
 * What runs on DJL's PyTorch engine only: programs that are generated as TorchScript source. The
 * only package that touches the engine; without it on the class path, nothing here is loaded.
 */
package io.github.caadam.pytorch;
