package io.github.caadam.experiments.training;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a study does to the factors of a scaling strategy, to tell apart what comes of which layer
 * has which factor and what of the learning rate as a whole.
 *
 * @param kind what is done
 * @param seed which permutation; 0 where none is drawn
 */
public record FactorControl(Kind kind, int seed) {

    /** Factors as the strategy gives them. */
    public static final FactorControl NONE = new FactorControl(Kind.NONE, 0);

    /** The forms that {@link #parse} understands, {@link #NONE} aside. */
    public static final List<String> FORMS =
            List.of("averaged", "shuffled:SEED", "reversed", "weights-only", "vectors-only");

    private static final Pattern SHUFFLED = Pattern.compile("shuffled:([0-9]{1,9})");

    /** What may be done. */
    public enum Kind {
        /** Nothing. */
        NONE(""),
        /** {@link ScalingStrategy#averaged()}. */
        AVERAGED("averaged"),
        /** {@link ScalingStrategy#shuffled(int)}. */
        SHUFFLED("shuffled"),
        /** {@link ScalingStrategy#reversed()}. */
        REVERSED("reversed"),
        /** {@link ScalingStrategy#weightsOnly()}. */
        WEIGHTS_ONLY("weights-only"),
        /** {@link ScalingStrategy#vectorsOnly()}. */
        VECTORS_ONLY("vectors-only");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** Checks that there is a kind. */
    public FactorControl {
        Objects.requireNonNull(kind, "kind");
    }

    /**
     * Reads a control.
     *
     * @param text one of {@link #FORMS}, such as {@code shuffled:5}; empty for {@link #NONE}
     * @return the control
     * @throws IllegalArgumentException if it is none of these; the message lists the valid ones
     */
    @JsonCreator
    public static FactorControl parse(String text) {
        Matcher shuffled = SHUFFLED.matcher(text);
        if (shuffled.matches()) {
            return new FactorControl(Kind.SHUFFLED, Integer.parseInt(shuffled.group(1)));
        }
        for (Kind kind : Kind.values()) {
            if (kind != Kind.SHUFFLED && kind.label.equals(text)) {
                return new FactorControl(kind, 0);
            }
        }
        throw new IllegalArgumentException(
                "Unknown factors \""
                        + text
                        + "\"; valid are: "
                        + String.join(", ", FORMS)
                        + ", with a whole number as SEED.");
    }

    /**
     * Returns the form that {@link #parse} reads, which is also its form in JSON.
     *
     * @return such as {@code shuffled:5}; empty for {@link #NONE}
     */
    @JsonValue
    public String label() {
        return kind == Kind.SHUFFLED ? kind.label + ":" + seed : kind.label;
    }

    /**
     * Applies the control.
     *
     * @param strategy the strategy
     * @return the strategy with its factors changed
     * @throws IllegalArgumentException if the strategy looks at gradients and its factors cannot be
     *     moved over the network
     */
    public ScalingStrategy applyTo(ScalingStrategy strategy) {
        return switch (kind) {
            case NONE -> strategy;
            case AVERAGED -> strategy.averaged();
            case SHUFFLED -> strategy.shuffled(seed);
            case REVERSED -> strategy.reversed();
            case WEIGHTS_ONLY -> strategy.weightsOnly();
            case VECTORS_ONLY -> strategy.vectorsOnly();
        };
    }
}
