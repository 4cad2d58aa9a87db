// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.model.NamedModel;
import io.github.caadam.experiments.results.Place;
import io.github.caadam.experiments.results.Stint;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How stores of format 1 said what a run was and where it was made. */
final class FirstFormat {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What was called otherwise, or is no longer a fact of a place. */
    private static final Map<String, String> NAMES =
            Map.of("execution", Place.PATH, "commit", "", "started", "", "collectedFor", "");

    private static final String EARLIER = "earlierEpochs";

    private final Map<String, Earlier> places = new LinkedHashMap<>();

    /**
     * A place of earlier epochs, of which the first format kept a few words only.
     *
     * @param was these words
     * @param to the last epoch that was made there, from 1
     * @param commit the commit of the code
     * @param place the facts
     */
    record Earlier(String was, int to, String commit, Place place) {}

    /** Knows more of some places than the first format kept. */
    FirstFormat(List<Earlier> earlier) {
        earlier.forEach(one -> places.put(one.was(), one));
    }

    /** Finds the run that had an id, among both executions. */
    static Optional<RunSpec> spec(
            String id,
            String dataset,
            String digest,
            String architecture,
            OptimizerSpec optimizer,
            Protocol protocol,
            int seed) {
        ModelSpec model = model(architecture);
        for (Execution execution : Execution.values()) {
            RunSpec spec = new RunSpec(dataset, model, optimizer, protocol, seed, execution);
            if (spec.formerId(digest).equals(id)) {
                return Optional.of(spec);
            }
        }
        return Optional.empty();
    }

    private static ModelSpec model(String architecture) {
        return NamedModel.ALL.stream()
                .filter(model -> model.architecture().equals(architecture))
                .<ModelSpec>map(model -> model)
                .findFirst()
                .orElseGet(() -> ModelSpec.parse("mlp:" + architecture));
    }

    static OptimizerSpec optimizer(JsonNode json) throws IOException {
        return read(json, OptimizerSpec.class);
    }

    static Protocol protocol(JsonNode json) throws IOException {
        return read(json, Protocol.class);
    }

    private static <T> T read(JsonNode json, Class<T> type) throws IOException {
        try {
            return JSON.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "This is no option of a run of format 1: " + json + ": " + e.getMessage(), e);
        }
    }

    /** The facts of an environment, commit and times aside. */
    static Place place(JsonNode environment) {
        Map<String, String> facts = new LinkedHashMap<>();
        environment
                .properties()
                .forEach(
                        one -> {
                            String name = NAMES.getOrDefault(one.getKey(), one.getKey());
                            if (!name.isEmpty()) {
                                facts.put(name, one.getValue().asText());
                            }
                        });
        return Place.of(facts);
    }

    /** Where the epochs of a run were made, as far as that is known. */
    List<Stint> stints(JsonNode environment, int epochs) {
        Map<String, String> facts = new LinkedHashMap<>(place(environment).facts());
        String commit = environment.path("commit").asText();
        String started = environment.path("started").asText();
        String words = facts.remove(EARLIER);
        Place last = Place.of(facts);
        List<Stint> stints = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        int from = 1;
        for (String was : words == null ? new String[0] : words.split("; ", -1)) {
            Earlier earlier = places.get(was);
            if (earlier != null) {
                stints.add(new Stint(from, earlier.to(), earlier.place(), earlier.commit(), ""));
                from = earlier.to() + 1;
            } else if (!was.equals(inWords(last, commit))) {
                unknown.add(was);
            }
        }
        Place place = unknown.isEmpty() ? last : last.with("earlier", String.join("; ", unknown));
        stints.add(new Stint(from, epochs, place, commit, started));
        return stints;
    }

    private static String inWords(Place place, String commit) {
        return "on "
                + place.facts().get(Place.DEVICE)
                + ", "
                + place.facts().get(Place.CPU)
                + ", by commit "
                + commit;
    }
}
