package io.github.caadam.training;

/** Checks that the builders of this package share. */
final class Requirements {

    private Requirements() {}

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "The " + name + " must be 1 or more, found " + value + ".");
        }
        return value;
    }

    static int nonNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "The " + name + " must be 0 or more, found " + value + ".");
        }
        return value;
    }

    static double nonNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "The " + name + " must be a finite number, 0 or more, found " + value + ".");
        }
        return value;
    }
}
