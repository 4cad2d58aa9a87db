// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.scaling.WeightFactor;
import io.github.caadam.spi.RelativeRate;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The learning rates of parameters that follow the weights of their layers, by a strategy that
 * looks at weights.
 */
final class RelativeSteps {

    private final ScalingStrategy scaling;
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, List<NetworkParameters.Named>> layers = new LinkedHashMap<>();
    private final Map<String, Double> now = new HashMap<>();
    private final Map<String, Double> starts;

    /**
     * Where a parameter's rate comes from.
     *
     * @param layer the layer whose weights it follows
     * @param factor how it follows them
     */
    private record Place(String layer, WeightFactor factor) {}

    /**
     * Finds out what is followed.
     *
     * @param scaling the strategy
     * @param network the parameters that are trained
     * @param all all parameters of the block
     * @param starts root mean squares at the start, by layer; those of layers that come to be
     *     trained now are added
     */
    RelativeSteps(
            ScalingStrategy scaling,
            NetworkStructure network,
            List<NetworkParameters.Named> all,
            Map<String, Double> starts) {
        this.scaling = scaling;
        this.starts = starts;
        for (ParameterStructure parameter : network.parameters()) {
            WeightFactor factor = scaling.weightFactor(parameter, network);
            places.put(parameter.id(), new Place(parameter.layer(), factor));
            layers.computeIfAbsent(parameter.layer(), layer -> weights(layer, network, all));
        }
        measureStarts();
    }

    /**
     * A layer has weights, unless nothing in the network has: then all parameters are one layer.
     */
    private static List<NetworkParameters.Named> weights(
            String layer, NetworkStructure network, List<NetworkParameters.Named> all) {
        Set<String> weights = new HashSet<>();
        Set<String> parameters = new HashSet<>();
        for (ParameterStructure parameter : network.parameters()) {
            if (parameter.layer().equals(layer)) {
                parameters.add(parameter.id());
                if (parameter.isWeight()) {
                    weights.add(parameter.id());
                }
            }
        }
        Set<String> followed = weights.isEmpty() ? parameters : weights;
        return all.stream().filter(one -> followed.contains(one.parameter().getId())).toList();
    }

    private void measureStarts() {
        Map<String, List<NetworkParameters.Named>> fresh = new LinkedHashMap<>();
        for (Place place : places.values()) {
            if (place.factor().slope() > 0
                    && place.factor().atStart()
                    && !starts.containsKey(place.layer())) {
                fresh.put(place.layer(), layers.get(place.layer()));
            }
        }
        Map<String, Double> measured = measured(fresh);
        measured.forEach(
                (layer, start) -> {
                    if (!Double.isFinite(start)) {
                        throw new IllegalStateException(
                                "The scaling "
                                        + scaling
                                        + " follows the weights at the start, but those of "
                                        + layer
                                        + " are not all finite.");
                    }
                });
        starts.putAll(measured);
    }

    private static Map<String, Double> measured(Map<String, List<NetworkParameters.Named>> layers) {
        Map<String, Double> measured = new HashMap<>();
        if (!layers.isEmpty()) {
            double[] values =
                    RelativeRate.rootMeanSquares(
                            layers.values().stream().map(RelativeSteps::arrays).toList());
            int i = 0;
            for (String layer : layers.keySet()) {
                measured.put(layer, values[i++]);
            }
        }
        return measured;
    }

    private static List<NDArray> arrays(List<NetworkParameters.Named> parameters) {
        return parameters.stream().map(named -> named.parameter().getArray()).toList();
    }

    private double measured(String layer) {
        return measured(Map.of(layer, layers.get(layer))).get(layer);
    }

    private boolean moves() {
        return places.values().stream().anyMatch(place -> place.factor().moves());
    }

    /**
     * Measures the weights before a step.
     *
     * @param device where the step is made
     * @throws IllegalStateException if the block's own weights are not the ones that move
     */
    void measure(Device device) {
        if (!moves()) {
            return;
        }
        for (List<NetworkParameters.Named> layer : layers.values()) {
            for (NetworkParameters.Named named : layer) {
                if (!named.device().equals(device)) {
                    throw new IllegalStateException(
                            "The scaling "
                                    + scaling
                                    + " follows the weights, but "
                                    + named.path()
                                    + " lies on "
                                    + named.device()
                                    + " and its steps are made on "
                                    + device
                                    + ": put the model on the first device of the training"
                                    + " (Model.newInstance(name, device)), or use"
                                    + " relativeStepAtStart.");
                }
            }
        }
        now.putAll(measured(layers));
    }

    /** Returns what the learning rate of a parameter is multiplied by in the present step. */
    double of(String id) {
        Place place = places.get(id);
        WeightFactor factor = place.factor();
        if (factor.slope() == 0) {
            return factor.floor();
        }
        // A layer that was put in while a step was being made comes late.
        double r =
                factor.moves()
                        ? now.computeIfAbsent(place.layer(), this::measured)
                        : starts.get(place.layer());
        return factor.of(r);
    }

    /**
     * Returns the same for plans of steps.
     *
     * @param id the parameter's id
     * @param shared what was returned for other parameters of the plan
     */
    RelativeRate planned(String id, Map<Object, RelativeRate> shared) {
        Place place = places.get(id);
        if (!place.factor().moves()) {
            return new RelativeRate.Fixed(of(id));
        }
        return shared.computeIfAbsent(
                place,
                key ->
                        new RelativeRate.Following(
                                arrays(layers.get(place.layer())), place.factor()));
    }
}
