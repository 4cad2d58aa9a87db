// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.RelativeRate;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The network that is trained, as far as an optimizer's options need it. The block is usually not
 * initialized yet when an optimizer is configured, so it is read at the first step; and again when
 * a step begins after parameters were frozen or unfrozen, so that factors are always those of what
 * is being trained.
 */
final class TrainedNetwork {

    private final Block block;
    private final ScalingStrategy scaling;
    private final StructureConvention convention;
    private final DecayExclusions exclusions;
    private List<NetworkParameters.Named> parameters = List.of();
    private BitSet flags = new BitSet();
    private Set<String> trainable = Set.of();
    private Map<String, Parameter> byId = Map.of();
    private ScalingFactors factors;
    private RelativeSteps relative;
    private final Map<String, Double> starts = new TreeMap<>();
    private int readings;
    private final Map<String, Boolean> decays = new HashMap<>();

    /**
     * Reads nothing yet.
     *
     * @param block the network, or null where it is not known
     * @param scaling the scaling, or null for none
     * @param convention how connections and depth are counted
     * @param exclusions what a decoupled decay leaves alone
     */
    TrainedNetwork(
            Block block,
            ScalingStrategy scaling,
            StructureConvention convention,
            DecayExclusions exclusions) {
        this.block = block;
        this.scaling = scaling;
        this.convention = Objects.requireNonNull(convention, "convention");
        this.exclusions = exclusions;
    }

    /** Returns whether the block is known. */
    boolean isKnown() {
        return block != null;
    }

    ScalingStrategy scaling() {
        return scaling;
    }

    StructureConvention convention() {
        return convention;
    }

    /**
     * Returns all parameters of the block, as they are now, to be told apart by their paths.
     *
     * @throws IllegalStateException if no block was set, it was not initialized, or two parameters
     *     have one path
     */
    List<NetworkParameters.Named> byPath() {
        if (block == null) {
            throw new IllegalStateException(
                    "State is kept by the paths of parameters: tell the optimizer its network by"
                            + " optBlock(model.getBlock()).");
        }
        return List.copyOf(NetworkParameters.of(block).byPath().values());
    }

    /**
     * Reads the block if that was not done yet, or something was frozen or unfrozen since.
     *
     * @throws IllegalStateException if it was not initialized, or a factor is out of its range
     */
    void refresh() {
        if (block != null && (parameters.isEmpty() || !flagsNow().equals(flags))) {
            read();
        }
    }

    /** Returns how often the block was read. */
    int readings() {
        return readings;
    }

    private BitSet flagsNow() {
        BitSet now = new BitSet(parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            now.set(i, parameters.get(i).parameter().requiresGradient());
        }
        return now;
    }

    private void read() {
        List<NetworkParameters.Named> present = NetworkParameters.of(block).all();
        Set<String> ids = new HashSet<>();
        for (NetworkParameters.Named named : present) {
            if (named.parameter().requiresGradient()) {
                ids.add(named.parameter().getId());
            }
        }
        if (!ids.isEmpty() && (scaling != null || exclusions.needNames())) {
            NetworkStructure structure = StructureInspector.inspect(block, convention);
            factors = null;
            relative = null;
            if (scaling != null && scaling.isWeightAware()) {
                relative = new RelativeSteps(scaling, structure, present, starts);
            } else if (scaling != null) {
                factors = new ScalingFactors(scaling, structure);
            }
            decays.clear();
            for (ParameterStructure parameter : structure.parameters()) {
                decays.put(parameter.id(), !exclusions.excludes(parameter));
            }
        }
        parameters = present;
        byId =
                present.stream()
                        .collect(
                                Collectors.toMap(
                                        named -> named.parameter().getId(),
                                        NetworkParameters.Named::parameter));
        flags = flagsNow();
        trainable = Set.copyOf(ids);
        readings++;
    }

    /**
     * Checks the types of all weights that are trainable.
     *
     * @throws IllegalArgumentException if one is neither float32 nor float64
     */
    void requireTypes() {
        for (NetworkParameters.Named named : parameters) {
            if (named.parameter().requiresGradient()) {
                requireType("The parameter " + named.path(), named.parameter().getArray());
            }
        }
    }

    /**
     * Checks the type of a weight.
     *
     * @throws IllegalArgumentException if it is neither float32 nor float64
     */
    static void requireType(String name, NDArray weight) {
        DataType type = weight.getDataType();
        if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
            throw new IllegalArgumentException(
                    name
                            + " is "
                            + type
                            + ", in which the small steps of a training are lost: keep the weights"
                            + " in float32 (model.setDataType(DataType.FLOAT32) before the"
                            + " training), and convert them afterwards.");
        }
    }

    /**
     * Returns the parameters of the block that are trainable now.
     *
     * @throws IllegalStateException if the block was not initialized
     */
    List<NetworkParameters.Named> trainableNow() {
        return NetworkParameters.of(block).trainable();
    }

    /** Returns the ids of the parameters that are trainable; none where the block is not known. */
    Set<String> trainable() {
        return trainable;
    }

    /** Returns the ids of all parameters. */
    Set<String> ids() {
        return byId.keySet();
    }

    /**
     * Returns a parameter of the block, as it was last read; what is trainable stays as it was
     * read, as a batch may have begun.
     *
     * @return the parameter; empty if the block has none of this id, or is not known
     * @throws IllegalStateException if the block was not initialized
     */
    Optional<Parameter> find(String id) {
        if (parameters.isEmpty()) {
            refresh();
        }
        return Optional.ofNullable(byId.get(id));
    }

    /** Returns the paths of parameters. */
    List<String> paths(Set<String> ids) {
        return parameters.stream()
                .filter(named -> ids.contains(named.parameter().getId()))
                .map(NetworkParameters.Named::path)
                .toList();
    }

    /**
     * Returns whether a parameter is one of those that are trained. Where it is not, the block is
     * read once more, as a layer may have been replaced.
     *
     * @throws IllegalStateException if it is not, and its factor or decay depends on where it sits
     */
    boolean requireKnown(String id) {
        if (block == null || trainable.contains(id)) {
            return true;
        }
        read();
        if (!trainable.contains(id) && (scaling != null || exclusions.needNames())) {
            throw new IllegalStateException(
                    "The parameter with id "
                            + id
                            + " is not a trainable parameter of the block that was set; set the"
                            + " block that is trained.");
        }
        return trainable.contains(id);
    }

    /** Returns the factor of a parameter, without looking at a gradient. */
    double factor(String id) {
        return factors == null ? 1 : factors.factor(id);
    }

    /** Returns the factor of a parameter. */
    double factor(String id, NDArray gradient) {
        return factors == null ? 1 : factors.factor(id, gradient);
    }

    /** Looks at the weights before a step on a device, where learning rates follow them. */
    void measure(Device device) {
        if (relative != null) {
            relative.measure(device);
        }
    }

    /** Returns what the learning rate of a parameter is multiplied by because of weights. */
    double relativeRate(String id) {
        return relative == null ? 1 : relative.of(id);
    }

    /** Returns the same for a plan; parameters that step together share it. */
    RelativeRate relativeRate(String id, Map<Object, RelativeRate> shared) {
        return relative == null ? RelativeRate.NONE : relative.planned(id, shared);
    }

    /** Returns the root mean squares of weights at the start that rates depend on, by layer. */
    Map<String, Double> starts() {
        if (scaling != null && scaling.isWeightAware()) {
            refresh();
        }
        return Collections.unmodifiableMap(starts);
    }

    /** Replaces them, and forgets what was read with others. */
    void setStarts(Map<String, Double> byLayer) {
        starts.clear();
        starts.putAll(byLayer);
        parameters = List.of();
    }

    /** Returns whether decoupled decay applies to a parameter. */
    boolean decays(String id) {
        return decays.getOrDefault(id, true);
    }
}
