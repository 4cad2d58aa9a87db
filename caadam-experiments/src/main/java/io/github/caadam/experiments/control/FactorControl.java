// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

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
 * <p>What has a factor is a layer in the {@code PAPER} convention, which counts connections and
 * depth per layer, and a parameter in {@code REFERENCE}, which counts per variable. So in {@code
 * PAPER} a layer's weight, its bias and the normalisation that follows it move together, with the
 * factor of another layer's first parameter. In {@code REFERENCE} all weights of a network have the
 * same additive or multiplicative factor, and permuted layers would be no change.
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
        /**
         * Every parameter has the mean of the strategy's factors over the network, weighted by the
         * number of values: {@code S̄ = Σₚ nₚ·Sₚ / Σₚ nₚ} over the parameters {@code p} with {@code
         * nₚ} values. That is plain Adam at the learning rate {@code α·S̄}: what the strategy does
         * to the learning rate as a whole, without what it does to one layer against another.
         */
        AVERAGED(AveragedScaling.NAME),
        /**
         * The same factors, in another place. The permutation is drawn by {@link
         * java.util.Collections#shuffle(List, java.util.Random)} with {@code new Random(seed)} on
         * what has a factor, in forward order, repeatedly until some factor has moved, so that it
         * is never the original unless all factors are equal. A network of three layers has no more
         * than five others, so that two seeds may give the same. The mean of the factors over the
         * network's values is in general not preserved.
         */
        SHUFFLED(ShuffledScaling.NAME),
        /**
         * The same factors from back to front: of {@code n} layers in forward order, layer {@code
         * i} has the factor of layer {@code n−1−i}.
         */
        REVERSED(ReversedScaling.NAME),
        /**
         * The strategy's factors on weights, of rank 2 or more; biases and normalisations have the
         * factor 1.
         */
        WEIGHTS_ONLY(PartialScaling.WEIGHTS_NAME),
        /**
         * The strategy's factors on biases and normalisations, of rank 1; weights have the factor
         * 1.
         */
        VECTORS_ONLY(PartialScaling.VECTORS_NAME);

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
            case AVERAGED -> new AveragedScaling(strategy);
            case SHUFFLED -> new ShuffledScaling(strategy, seed);
            case REVERSED -> new ReversedScaling(strategy);
            case WEIGHTS_ONLY -> new PartialScaling(strategy, true);
            case VECTORS_ONLY -> new PartialScaling(strategy, false);
        };
    }
}
