// SPDX-License-Identifier: Apache-2.0
/**
 * What the other packages share. It is no part of the library's interface: it changes without
 * notice, and no promise holds for who uses it.
 */
package io.github.caadam.internal;
