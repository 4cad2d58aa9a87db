// SPDX-License-Identifier: Apache-2.0
/**
 * What lies between optimizers and engines: plans of steps, and the door to an engine that can make
 * many steps in one call. It is for this library's own use, and may change without notice. Only
 * {@link io.github.caadam.spi.NotAcceleratedException}, which users catch, stays.
 */
package io.github.caadam.spi;
