package io.github.caadam.training;

/** Thrown where steps cannot be made in one call; making them one by one is always possible. */
public final class NotFusableException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param reason why, as a clause that follows "because"
     */
    public NotFusableException(String reason) {
        super(reason);
    }
}
