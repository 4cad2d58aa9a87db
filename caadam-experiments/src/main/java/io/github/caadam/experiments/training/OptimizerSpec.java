// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import ai.djl.nn.Block;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.training.PlateauTracker;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An optimizer with its options, all of them resolved. Adam and AdamW are {@link CaAdam} without
 * scaling, which computes bit for bit what DJL's own {@code Adam} and {@code AdamW} compute (a test
 * of the library), so that in a comparison nothing but the factors differs. AdamW's decay leaves no
 * parameter out, as Keras' does by default.
 *
 * @param optimizer how the paper's tables name it: {@code Adam}, {@code AdamW}, {@code Adamax},
 *     {@code Nadam} or {@code CaAdam}
 * @param scaling the scaling strategy
 * @param gamma the strategy's number: γ, the power of fan-in scaling, P₀ of network-size scaling, σ
 *     of log-normal scaling; 0 where there is none
 * @param convention how connections and depth are counted
 * @param learningRate the initial learning rate, a finite number above 0
 * @param weightDecay the decoupled weight decay, a finite number, 0 or more
 * @param factors what is done to the strategy's factors
 * @param tuned whether the learning rate is, or is to be, the best one of several on validation
 *     rows
 * @param tunedAs whose best one that is, one of {@link #NAMES}; empty for its own
 */
public record OptimizerSpec(
        String optimizer,
        Scaling scaling,
        double gamma,
        StructureConvention convention,
        double learningRate,
        double weightDecay,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) FactorControl factors,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean tuned,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String tunedAs) {

    private static final String CAADAM = "caadam";

    private static final Map<String, String> TABLE_NAMES =
            Map.of(
                    "adam", "Adam", "adamw", "AdamW", "adamax", "Adamax", "nadam", "Nadam", CAADAM,
                    "CaAdam");

    /** What {@link #parse} understands. */
    public static final List<String> NAMES =
            Stream.concat(
                            Stream.of("adam", "adamw", "adamax", "nadam"),
                            Scaling.names().stream()
                                    .filter(name -> !name.equals(Scaling.NONE.label()))
                                    .map(name -> CAADAM + ":" + name))
                    .toList();

    /** Keras' default for AdamW. */
    private static final double ADAMW_WEIGHT_DECAY = 0.004;

    private static final double SMALL = 1e-3;
    private static final double SMALLEST_PLAIN = 1e-7;

    /** Checks the learning rate and the weight decay, and γ by building the strategy once. */
    public OptimizerSpec {
        Objects.requireNonNull(optimizer, "optimizer");
        // What a JSON text leaves out, so that texts of before, and ids with them, stay the same.
        factors = factors == null ? FactorControl.NONE : factors;
        tunedAs = tunedAs == null ? "" : tunedAs;
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "The learning rate must be a finite number above 0, found "
                            + learningRate
                            + ".");
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw new IllegalArgumentException(
                    "The weight decay must be a finite number, 0 or more, found "
                            + weightDecay
                            + ".");
        }
        if (scaling == Scaling.NONE && !factors.equals(FactorControl.NONE)) {
            throw new IllegalArgumentException(
                    optimizer
                            + " has no factors that could be "
                            + factors.label()
                            + "; that takes caadam with a strategy.");
        }
        Objects.requireNonNull(factors.applyTo(scaling.strategy(gamma, 0)));
        if (!tunedAs.isEmpty()) {
            requireKnown(tunedAs);
        }
    }

    /**
     * Reads an optimizer's name and gives it the options of a protocol.
     *
     * @param name one of {@link #NAMES}
     * @param protocol the protocol, which sets learning rate, convention and γ
     * @return the optimizer
     * @throws IllegalArgumentException if the name is unknown; the message lists the valid ones
     */
    public static OptimizerSpec parse(String name, Protocol protocol) {
        requireKnown(name);
        String[] parts = name.split(":", 2);
        boolean scaled = parts.length == 2;
        Scaling scaling = scaled ? Scaling.byName(parts[1]) : Scaling.NONE;
        return new OptimizerSpec(
                TABLE_NAMES.get(parts[0]),
                scaling,
                scaling.defaultGamma(protocol.convention()),
                protocol.convention(),
                protocol.learningRate(),
                parts[0].equals("adamw") ? ADAMW_WEIGHT_DECAY : 0,
                FactorControl.NONE,
                false,
                "");
    }

    private static void requireKnown(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "Unknown optimizer \""
                            + name
                            + "\"; valid are: "
                            + String.join(", ", NAMES)
                            + ".");
        }
    }

    /**
     * Returns this optimizer with other options where they are given.
     *
     * @param gamma γ, or null
     * @param convention the convention, or null
     * @param learningRate the learning rate, or null
     * @param weightDecay the decoupled weight decay, or null
     * @return the optimizer
     */
    public OptimizerSpec with(
            Double gamma, StructureConvention convention, Double learningRate, Double weightDecay) {
        StructureConvention newConvention = convention == null ? this.convention : convention;
        double newGamma = convention == null ? this.gamma : scaling.defaultGamma(newConvention);
        return new OptimizerSpec(
                optimizer,
                scaling,
                gamma == null ? newGamma : gamma,
                newConvention,
                learningRate == null ? this.learningRate : learningRate,
                weightDecay == null ? this.weightDecay : weightDecay,
                factors,
                tuned,
                tunedAs);
    }

    /**
     * Returns this optimizer with something done to its factors.
     *
     * @param control what is done
     * @return the optimizer
     * @throws IllegalArgumentException if the optimizer does not scale, or its strategy's factors
     *     cannot be changed that way
     */
    public OptimizerSpec withFactors(FactorControl control) {
        return new OptimizerSpec(
                optimizer,
                scaling,
                gamma,
                convention,
                learningRate,
                weightDecay,
                control,
                tuned,
                tunedAs);
    }

    /**
     * Returns this optimizer at a learning rate that was, or is to be, chosen by trying several.
     *
     * @param rate the learning rate; any where it is still to be chosen
     * @return the optimizer, which is not the same as one that was given that learning rate
     */
    public OptimizerSpec tunedTo(double rate) {
        return new OptimizerSpec(
                optimizer, scaling, gamma, convention, rate, weightDecay, factors, true, tunedAs);
    }

    /**
     * Returns this optimizer at the learning rate that was, or is to be, chosen for another one.
     *
     * @param name the other one, as the protocol has it: one of {@link #NAMES}
     * @param rate the learning rate; any where it is still to be chosen
     * @return the optimizer
     * @throws IllegalArgumentException if the name is unknown; the message lists the valid ones
     */
    public OptimizerSpec tunedAs(String name, double rate) {
        return new OptimizerSpec(
                optimizer, scaling, gamma, convention, rate, weightDecay, factors, true, name);
    }

    /**
     * Returns what tries learning rates for this optimizer.
     *
     * @param protocol the protocol
     * @return this one, or the tuned one whose rate it takes over
     */
    public OptimizerSpec tuner(Protocol protocol) {
        return tunedAs.isEmpty() ? this : parse(tunedAs, protocol).tunedTo(protocol.learningRate());
    }

    /**
     * Returns this optimizer at a learning rate that is tried.
     *
     * @param rate the learning rate
     * @return the optimizer, not tuned
     */
    public OptimizerSpec trying(double rate) {
        return new OptimizerSpec(
                optimizer, scaling, gamma, convention, rate, weightDecay, factors, false, "");
    }

    /**
     * Returns whether ε may be added in several places.
     *
     * @return whether the optimizer is one of {@link CaAdam}'s
     */
    public boolean hasEpsilonPlacement() {
        return !optimizer.equals("Adamax") && !optimizer.equals("Nadam");
    }

    /**
     * Returns the name of the optimizer and its strategy.
     *
     * @return one of {@link #NAMES}
     */
    public String name() {
        return optimizer.toLowerCase(Locale.ROOT)
                + (scaling == Scaling.NONE ? "" : ":" + scaling.label());
    }

    /**
     * Returns the name with every option that is not what the protocol gives.
     *
     * @param protocol the protocol
     * @return such as {@code adam}, {@code adam lr=0.005} or {@code caadam:depth averaged}
     */
    public String fullName(Protocol protocol) {
        return String.join(" ", partsAfter(name(), protocol));
    }

    /**
     * Returns how results name the strategy: with every option that is not what the protocol gives,
     * so that runs with different options are never taken for the same. A tuned learning rate,
     * which differs between networks, is no option but {@code tuned}.
     *
     * @param protocol the protocol
     * @return such as {@code none}, {@code none lr=0.005} or {@code depth averaged convention=paper
     *     gamma=0.9}
     */
    public String label(Protocol protocol) {
        return String.join(" ", partsAfter(scaling.label(), protocol));
    }

    private List<String> partsAfter(String name, Protocol protocol) {
        List<String> parts = new ArrayList<>();
        parts.add(name);
        if (!factors.equals(FactorControl.NONE)) {
            parts.add(factors.label());
        }
        if (tuned) {
            parts.add(tunedAs.isEmpty() ? "tuned" : "tuned-as=" + tunedAs);
        } else if (learningRate != protocol.learningRate()) {
            parts.add("lr=" + plain(learningRate));
        }
        if (convention != protocol.convention()) {
            parts.add("convention=" + convention.name().toLowerCase(Locale.ROOT));
        }
        if (gamma != scaling.defaultGamma(convention)) {
            parts.add("gamma=" + gamma);
        }
        if (weightDecay != (optimizer.equals("AdamW") ? ADAMW_WEIGHT_DECAY : 0)) {
            parts.add("decay=" + weightDecay);
        }
        return parts;
    }

    /** Prints a usual learning rate without an exponent, which Java has below 0.001. */
    private static String plain(double rate) {
        return rate < SMALL && rate >= SMALLEST_PLAIN
                ? BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString()
                : Double.toString(rate);
    }

    /**
     * Returns the strategy, with what is done to its factors.
     *
     * @param seed the seed of the run, for factors that are drawn
     * @return the strategy
     */
    public ScalingStrategy strategy(int seed) {
        return factors.applyTo(scaling.strategy(gamma, seed));
    }

    /** Builds the optimizer for a block. */
    StatefulOptimizer newOptimizer(
            Block block, Protocol protocol, int seed, PlateauTracker learningRateTracker) {
        return switch (optimizer) {
            case "Adamax" ->
                    withOptions(Adamax.builder(), learningRateTracker)
                            .optBlock(block)
                            .optEpsilon((float) protocol.epsilon())
                            .build();
            case "Nadam" ->
                    withOptions(Nadam.builder(), learningRateTracker)
                            .optBlock(block)
                            .optEpsilon((float) protocol.epsilon())
                            .build();
            default ->
                    withOptions(CaAdam.builder(), learningRateTracker)
                            .setBlock(block)
                            .setScaling(strategy(seed))
                            .optConvention(convention)
                            .optEpsilon((float) protocol.epsilon())
                            .optEpsilonPlacement(protocol.epsilonPlacement())
                            .build();
        };
    }

    private <B extends StatefulOptimizer.Builder<B>> B withOptions(
            B builder, PlateauTracker learningRateTracker) {
        builder.optLearningRateTracker(learningRateTracker)
                .optDecoupledWeightDecay((float) weightDecay);
        return weightDecay == 0 ? builder : builder.optDecayExclusions();
    }
}
