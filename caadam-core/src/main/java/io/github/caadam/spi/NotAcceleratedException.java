// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

/**
 * Thrown where a network, a loss or an optimizer cannot be trained by fused steps or compiled
 * epochs. Nothing has been changed then, and training by DJL's own loop is always possible.
 *
 * @since 0.1.0
 */
public final class NotAcceleratedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What cannot be accelerated. */
    private final String part;

    /** Why. */
    private final String reason;

    /**
     * Creates the exception.
     *
     * @param part what cannot be accelerated: the path of a block in the network, such as {@code
     *     02ParallelBlock/01Lstm}, or {@code loss}, {@code optimizer}, {@code parameters}, {@code
     *     engine}
     * @param reason why, as a clause
     */
    public NotAcceleratedException(String part, String reason) {
        this(part, reason, null);
    }

    /**
     * Creates the exception.
     *
     * @param part what cannot be accelerated
     * @param reason why, as a clause
     * @param cause what the engine threw, or null
     */
    public NotAcceleratedException(String part, String reason, Throwable cause) {
        super("Cannot accelerate " + part + ": " + reason + ".", cause);
        this.part = part;
        this.reason = reason;
    }

    /**
     * Returns what cannot be accelerated.
     *
     * @return the path of a block in the network; or {@code loss}, {@code optimizer}, {@code
     *     parameters}, {@code engine}
     */
    public String part() {
        return part;
    }

    /**
     * Returns why.
     *
     * @return the reason, as a clause without a full stop
     */
    public String reason() {
        return reason;
    }
}
