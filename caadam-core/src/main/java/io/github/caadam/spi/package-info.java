/**
 * What lies between the optimizers and what executes their steps: plans of steps, and the door to
 * an engine that can make many of them in one call. For this library's own use, without a promise
 * that it stays as it is; except for {@link io.github.caadam.spi.NotAcceleratedException}, which
 * users catch.
 */
package io.github.caadam.spi;
