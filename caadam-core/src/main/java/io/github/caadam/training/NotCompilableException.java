package io.github.caadam.training;

/**
 * Thrown where a network, a loss or an optimizer cannot be made part of a {@link CompiledEpoch};
 * training by DJL's own loop is always possible.
 */
public final class NotCompilableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What cannot be compiled. */
    private final String path;

    /** Why. */
    private final String reason;

    /**
     * Creates the exception.
     *
     * @param path what cannot be compiled: the path of a block in the network, such as {@code
     *     02ParallelBlock/01Lstm}, or {@code loss}, {@code optimizer}, {@code engine}
     * @param reason why
     */
    public NotCompilableException(String path, String reason) {
        super("Cannot compile " + path + ": " + reason);
        this.path = path;
        this.reason = reason;
    }

    /**
     * Returns what cannot be compiled.
     *
     * @return the path of a block in the network; or {@code loss}, {@code optimizer}, {@code
     *     engine}
     */
    public String path() {
        return path;
    }

    /**
     * Returns why it cannot be compiled.
     *
     * @return the reason
     */
    public String reason() {
        return reason;
    }
}
