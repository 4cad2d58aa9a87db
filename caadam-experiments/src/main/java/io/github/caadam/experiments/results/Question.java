// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a run asks: data with their digest, model, optimizer and protocol with all options, seed,
 * randomness and results version, as JSON in the words of the study format. All that determines a
 * result is in it and nothing else: no label, and no place. Equal texts in the canonical form (RFC
 * 8785) are one question, and its digest is the run's id.
 */
public final class Question {

    /** The parts. */
    public static final String DATA = "data";

    /** As {@link #DATA}. */
    public static final String MODEL = "model";

    /** As {@link #DATA}. */
    public static final String OPTIMIZER = "optimizer";

    /** As {@link #DATA}. */
    public static final String PROTOCOL = "protocol";

    /** As {@link #DATA}. */
    public static final String SEED = "seed";

    /** As {@link #DATA}. */
    public static final String RANDOMNESS = "randomness";

    /** As {@link #DATA}. */
    public static final String RESULTS_VERSION = "results-version";

    /**
     * In an optimizer, what was tried for it where nothing could be chosen. It stands in the place
     * of the options that were to be chosen.
     */
    public static final String TRIED = "tried";

    private static final List<String> PARTS =
            List.of(DATA, MODEL, OPTIMIZER, PROTOCOL, SEED, RANDOMNESS, RESULTS_VERSION);

    private static final int ID_LENGTH = 16;

    /**
     * Parts that are equal are one object: a store of a hundred thousand runs asks of a few data
     * sets, models, optimizers and protocols.
     */
    private static final Map<JsonNode, Part> KNOWN_PARTS = new ConcurrentHashMap<>();

    private static final int MOST_KNOWN_PARTS = 10_000;

    /** In the order of {@link #PARTS}; not changed. */
    private final JsonNode[] nodes = new JsonNode[PARTS.size()];

    private final String id;

    private Question(ObjectNode json) {
        for (String part : PARTS) {
            if (!json.has(part)) {
                throw new IllegalArgumentException("A run's question has no \"" + part + "\".");
            }
        }
        if (json.size() != PARTS.size() || !json.get(SEED).canConvertToInt()) {
            throw new IllegalArgumentException(
                    "A run's question has "
                            + String.join(", ", PARTS)
                            + " and a whole seed, found "
                            + json
                            + ".");
        }
        Map<String, String> texts = new TreeMap<>();
        for (int i = 0; i < nodes.length; i++) {
            String name = PARTS.get(i);
            JsonNode node = json.get(name);
            Part part = name.equals(SEED) ? Part.of(node) : known(node);
            nodes[i] = part.node();
            texts.put(name, part.text());
        }
        id = digest(CanonicalJson.object(texts));
    }

    /**
     * A part.
     *
     * @param node the part; not changed
     * @param text its canonical form
     */
    private record Part(JsonNode node, String text) {

        static Part of(JsonNode node) {
            JsonNode copy = node.deepCopy();
            return new Part(copy, CanonicalJson.write(copy));
        }
    }

    private static Part known(JsonNode node) {
        Part known = KNOWN_PARTS.get(node);
        if (known != null && isInOneOrder(known.node(), node)) {
            return known;
        }
        if (KNOWN_PARTS.size() > MOST_KNOWN_PARTS) {
            KNOWN_PARTS.clear();
        }
        Part own = Part.of(node);
        KNOWN_PARTS.putIfAbsent(own.node(), own);
        return own;
    }

    /** Whether equal nodes have their fields in the same order. */
    private static boolean isInOneOrder(JsonNode one, JsonNode other) {
        Iterator<String> names = other.fieldNames();
        for (Map.Entry<String, JsonNode> field : one.properties()) {
            if (!names.next().equals(field.getKey())) {
                return false;
            }
        }
        Iterator<JsonNode> others = other.elements();
        for (JsonNode element : one) {
            if (!isInOneOrder(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private JsonNode node(String name) {
        int index = PARTS.indexOf(name);
        return index < 0 ? MissingNode.getInstance() : nodes[index];
    }

    /**
     * Takes a question.
     *
     * @param json its parts, all of them and no others
     * @return the question
     * @throws IllegalArgumentException if a part is missing or unknown
     */
    @JsonCreator
    public static Question of(ObjectNode json) {
        return new Question(json);
    }

    /**
     * Returns the digest that ids are made by.
     *
     * @param text a text
     * @return the first 16 hex digits of its SHA-256
     */
    public static String digest(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /**
     * Returns the run's id.
     *
     * @return the first 16 hex digits of the SHA-256 of the canonical form
     */
    public String id() {
        return id;
    }

    /**
     * Returns the question as JSON.
     *
     * @return a copy
     */
    @JsonValue
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        PARTS.forEach(name -> json.set(name, part(name)));
        return json;
    }

    /**
     * Returns a part.
     *
     * @param name such as {@link #OPTIMIZER}
     * @return a copy
     */
    public JsonNode part(String name) {
        return node(name).deepCopy();
    }

    /**
     * Returns the data set's name.
     *
     * @return the name
     */
    public String dataset() {
        return node(DATA).path("name").asText();
    }

    /**
     * Returns the digest of the data.
     *
     * @return the digest
     */
    public String dataDigest() {
        return node(DATA).path("digest").asText();
    }

    /**
     * Returns the model's name.
     *
     * @return the name, such as {@code mlp:64-32}
     */
    public String model() {
        return node(MODEL).path("name").asText();
    }

    /**
     * Returns the seed.
     *
     * @return the seed
     */
    public int seed() {
        return node(SEED).asInt();
    }

    /**
     * Returns the initial learning rate.
     *
     * @return the rate before scaling; NaN if the optimizer has none
     */
    public double learningRate() {
        return node(OPTIMIZER).path("options").path("learning-rate").asDouble(Double.NaN);
    }

    /**
     * Returns whether the options that were to be chosen are not known, as nothing could be. No run
     * answers the question then.
     *
     * @return whether it lacks a choice
     */
    public boolean lacksChoice() {
        return node(OPTIMIZER).has(TRIED);
    }

    /**
     * Returns the question of another seed.
     *
     * @param seed the seed
     * @return the question
     */
    public Question withSeed(int seed) {
        return new Question(json().put(SEED, seed));
    }

    /**
     * Says where two questions differ, the seed aside.
     *
     * @param other the other one
     * @return such as {@code protocol.epochs: 24 and 1000}; empty if they are the same but for the
     *     seed
     */
    public List<String> differences(Question other) {
        List<String> found = new ArrayList<>();
        for (String part : PARTS) {
            if (!part.equals(SEED)) {
                compare(part, node(part), other.node(part), found);
            }
        }
        return found;
    }

    /** Adds where two nodes differ, such as {@code protocol.epochs: 24 and 1000}. */
    static void compare(String path, JsonNode one, JsonNode other, List<String> found) {
        if (one.equals(other)) {
            return;
        }
        if (one.isObject() && other.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            one.fieldNames().forEachRemaining(names::add);
            other.fieldNames().forEachRemaining(names::add);
            names.forEach(
                    name -> compare(path + "." + name, one.path(name), other.path(name), found));
        } else if (!text(one).equals(text(other))) {
            found.add(path + ": " + text(one) + " and " + text(other));
        }
    }

    /**
     * Lists the options of a part.
     *
     * @param part such as the protocol
     * @return each by its path, such as {@code early-stopping.patience}, in their order
     */
    public static Map<String, String> flat(JsonNode part) {
        Map<String, String> options = new LinkedHashMap<>();
        flatten("", part, options);
        return options;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> options) {
        if (node.isObject()) {
            String prefix = path.isEmpty() ? "" : path + ".";
            node.properties()
                    .forEach(one -> flatten(prefix + one.getKey(), one.getValue(), options));
        } else {
            options.put(path, node.isTextual() ? node.textValue() : CanonicalJson.write(node));
        }
    }

    private static String text(JsonNode node) {
        return node instanceof MissingNode ? "nothing" : CanonicalJson.write(node);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Question question
                && question.id.equals(id)
                && question.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Returns the canonical form. */
    @Override
    public String toString() {
        return CanonicalJson.write(json());
    }
}
