// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.experiments.model.RandomStreams;
import io.github.caadam.experiments.results.Place;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.Stint;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.plugin.Option;
import io.github.caadam.structure.StructureConvention;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How stores of format 1 said what a run was and where it was made. */
final class FirstFormat {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What was called otherwise, or is no longer a fact of a place. */
    private static final Map<String, String> NAMES =
            Map.of("execution", Place.PATH, "commit", "", "started", "", "collectedFor", "");

    private static final String EARLIER = "earlierEpochs";

    private static final int RESULTS_VERSION = 2;
    private static final String UNSCALED = "none";

    /** What has the optimizers of then, which are those of now. */
    private static final Catalog CATALOG = Catalog.ofSuite();

    private static final List<String> OPTIMIZER =
            List.of(
                    "optimizer",
                    "scaling",
                    "gamma",
                    "convention",
                    "learningRate",
                    "weightDecay",
                    "factors",
                    "tuned",
                    "tunedAs");
    private static final List<String> PROTOCOL =
            List.of(
                    "name",
                    "batchSize",
                    "maxEpochs",
                    "learningRate",
                    "stopPatience",
                    "stopFromEpoch",
                    "plateauPatience",
                    "plateauFactor",
                    "minLearningRate",
                    "minDelta",
                    "validationShare",
                    "epsilon",
                    "epsilonPlacement",
                    "convention",
                    "sharedInitialWeights",
                    "trainRows",
                    "weightsSeed");

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

    /**
     * Finds what the run asked that had an id, among both executions.
     *
     * @param optimizer its options as that format wrote them
     * @param protocol likewise
     */
    static Optional<Question> question(
            String id,
            String dataset,
            String digest,
            String architecture,
            JsonNode optimizer,
            JsonNode protocol,
            int seed) {
        ObjectNode asked = JSON.createObjectNode();
        asked.put("data", digest);
        asked.put("execution", "");
        asked.put("model", model(architecture));
        asked.set("optimizer", picked(optimizer, OPTIMIZER));
        asked.set("protocol", picked(protocol, PROTOCOL));
        asked.put("seed", seed);
        asked.put("seedScheme", RandomStreams.SCHEME);
        asked.put("version", RESULTS_VERSION);
        boolean known =
                Arrays.stream(Execution.values())
                        .map(execution -> asked.put("execution", execution.label()).toString())
                        .anyMatch(text -> Question.digest(text).equals(id));
        if (!known) {
            return Optional.empty();
        }
        ObjectNode json = JSON.createObjectNode();
        json.set(Question.DATA, JSON.createObjectNode().put("name", dataset).put("digest", digest));
        json.set(Question.MODEL, JSON.createObjectNode().put("name", model(architecture)));
        json.set(Question.OPTIMIZER, optimizer(optimizer, protocol));
        json.set(Question.PROTOCOL, protocol(protocol));
        json.put(Question.SEED, seed);
        json.put(Question.RANDOMNESS, RandomStreams.SCHEME);
        json.put(Question.RESULTS_VERSION, RESULTS_VERSION);
        return Optional.of(Question.of(json));
    }

    /** The fields that there are, in the order that ids of old were made in. */
    private static ObjectNode picked(JsonNode json, List<String> fields) {
        ObjectNode picked = JSON.createObjectNode();
        fields.stream().filter(json::has).forEach(field -> picked.set(field, json.path(field)));
        return picked;
    }

    static String model(String architecture) {
        return architecture.matches("[0-9-]+")
                ? "mlp:" + architecture
                : architecture.toLowerCase(Locale.ROOT);
    }

    private static Optional<Option<?>> option(String optimizer, String name) {
        return CATALOG.entry(Kind.OPTIMIZER, optimizer).factory().options().stream()
                .filter(option -> option.name().equals(name))
                .findFirst();
    }

    private static String word(JsonNode constant) {
        return constant.asText().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ObjectNode optimizer(JsonNode json, JsonNode protocol) {
        String name = json.path("optimizer").asText().toLowerCase(Locale.ROOT);
        String scaling = word(json.path("scaling"));
        boolean scales = !scaling.equals(UNSCALED);
        ObjectNode options = JSON.createObjectNode();
        options.put("learning-rate", json.path("learningRate").asDouble());
        options.put("weight-decay", json.path("weightDecay").asDouble());
        options.put("epsilon", protocol.path("epsilon").asDouble());
        if (option(name, "epsilon-placement").isPresent()) {
            options.put("epsilon-placement", word(protocol.path("epsilonPlacement")));
        }
        if (scales) {
            options.put("convention", word(json.path("convention")));
            options.put("gamma", json.path("gamma").asDouble());
            if (!json.path("factors").asText().isEmpty()) {
                options.put("factors", json.path("factors").asText());
            }
        }
        ObjectNode optimizer = JSON.createObjectNode();
        optimizer.put("name", scales ? name + ":" + scaling : name);
        optimizer.set("options", options);
        return optimizer;
    }

    private static ObjectNode protocol(JsonNode json) {
        ObjectNode protocol = JSON.createObjectNode();
        protocol.put("batch-size", json.path("batchSize").asInt());
        protocol.put("epochs", json.path("maxEpochs").asInt());
        if (json.path("trainRows").asInt() > 0) {
            protocol.put("train-rows", json.path("trainRows").asInt());
        }
        protocol.set(
                "validation",
                JSON.createObjectNode()
                        .put("share", json.path("validationShare").asDouble())
                        .put("take", "last"));
        protocol.set(
                "early-stopping",
                JSON.createObjectNode()
                        .put("patience", json.path("stopPatience").asInt())
                        .put("from-epoch", json.path("stopFromEpoch").asInt())
                        .put("min-delta", json.path("minDelta").asDouble())
                        .put("restore", "best"));
        ObjectNode schedule = JSON.createObjectNode().put("name", "plateau");
        schedule.set(
                "options",
                JSON.createObjectNode()
                        .put("patience", json.path("plateauPatience").asInt())
                        .put("factor", json.path("plateauFactor").asDouble())
                        .put("min-learning-rate", json.path("minLearningRate").asDouble())
                        .put("min-delta", json.path("minDelta").asDouble()));
        protocol.set("schedule", schedule);
        if (json.path("sharedInitialWeights").asBoolean()) {
            protocol.put("initial-weights", "shared");
            protocol.put("weights-seed", json.path("weightsSeed").asInt());
        } else {
            protocol.put("initial-weights", "by-seed");
        }
        return protocol;
    }

    /** Whether a line is of an optimizer, by the labels that lines had. */
    static boolean isOf(RunRow row, JsonNode optimizer, JsonNode protocol) {
        double rate = optimizer.path("learningRate").asDouble();
        return optimizer.path("optimizer").asText().equals(row.optimizer())
                && strategy(optimizer, protocol).equals(row.strategy())
                && (Double.isNaN(row.learningRate()) || rate == row.learningRate());
    }

    private static String strategy(JsonNode optimizer, JsonNode protocol) {
        List<String> parts = new ArrayList<>();
        Scaling scaling = Scaling.byName(word(optimizer.path("scaling")));
        String convention = optimizer.path("convention").asText();
        double rate = optimizer.path("learningRate").asDouble();
        double gamma = optimizer.path("gamma").asDouble();
        double decay = optimizer.path("weightDecay").asDouble();
        parts.add(scaling.label());
        if (!optimizer.path("factors").asText().isEmpty()) {
            parts.add(optimizer.path("factors").asText());
        }
        if (optimizer.path("tuned").asBoolean()) {
            String as = optimizer.path("tunedAs").asText();
            parts.add(as.isEmpty() ? "tuned" : "tuned-as=" + as);
        } else if (rate != protocol.path("learningRate").asDouble()) {
            parts.add("lr=" + plain(rate));
        }
        if (!convention.equals(protocol.path("convention").asText())) {
            parts.add("convention=" + word(optimizer.path("convention")));
        }
        if (gamma != scaling.defaultGamma(StructureConvention.valueOf(convention))) {
            parts.add("gamma=" + gamma);
        }
        String name = optimizer.path("optimizer").asText().toLowerCase(Locale.ROOT);
        if (!option(name, "weight-decay")
                .flatMap(Option::defaultValue)
                .equals(Optional.of(decay))) {
            parts.add("decay=" + decay);
        }
        return String.join(" ", parts);
    }

    /** Prints a usual learning rate without an exponent, which Java has below 0.001. */
    private static String plain(double rate) {
        return rate < 1e-3 && rate >= 1e-7
                ? BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString()
                : Double.toString(rate);
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
                stints.add(
                        new Stint(
                                from,
                                earlier.to(),
                                earlier.place(),
                                earlier.commit(),
                                "",
                                Map.of()));
                from = earlier.to() + 1;
            } else if (!was.equals(inWords(last, commit))) {
                unknown.add(was);
            }
        }
        Place place = unknown.isEmpty() ? last : last.with("earlier", String.join("; ", unknown));
        stints.add(new Stint(from, epochs, place, commit, started, Map.of()));
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
