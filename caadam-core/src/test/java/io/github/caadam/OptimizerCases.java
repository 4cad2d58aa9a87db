// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import ai.djl.nn.Block;
import ai.djl.util.JsonUtils;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The table of cases: every {@link LibraryOptimizer} with its defaults, and with each setting of
 * its rule for which there are golden values. Where defaults make steps too short to be seen in a
 * few, the first case has others.
 */
public final class OptimizerCases {

    private static final Map<LibraryOptimizer, List<Map<String, ?>>> WITHOUT_GOLDEN_FILE =
            Map.of(
                    LibraryOptimizer.CAADAM,
                    List.of(
                            Map.of("amsgrad", true),
                            Map.of("epsilonPlacement", "BIAS_CORRECTED", "epsilon", 1e-3)),
                    LibraryOptimizer.ADAMAX,
                    List.of(Map.of("beta1", 0.8, "epsilon", 1e-3)),
                    LibraryOptimizer.NADAM,
                    List.of(Map.of("beta2", 0.99, "epsilon", 1e-3)),
                    LibraryOptimizer.RULE,
                    List.of());

    private static final Map<LibraryOptimizer, Map<String, ?>> IN_PLACE_OF_DEFAULTS =
            Map.of(LibraryOptimizer.PRODIGY, Map.of("d0", 0.5));

    private static final List<Case> ALL =
            Stream.of(LibraryOptimizer.values()).flatMap(OptimizerCases::of).toList();

    private OptimizerCases() {}

    /**
     * An optimizer with options of its rule.
     *
     * @param optimizer the optimizer
     * @param options the options, by the keys of its description; what is missing has its default
     */
    public record Case(LibraryOptimizer optimizer, Map<String, ?> options) {

        /** Keeps a copy of the options. */
        public Case {
            options = Map.copyOf(options);
        }

        /** Creates the optimizer for a block, without scaling unless the options set one. */
        public StatefulOptimizer create(
                Block block, Consumer<StatefulOptimizer.Builder<?>> others) {
            return optimizer.create(
                    block,
                    builder -> {
                        if (!options.isEmpty()) {
                            builder.optDescription(description());
                        }
                        others.accept(builder);
                    });
        }

        /** The whole description of the optimizer with these options. */
        public Map<String, Object> description() {
            Map<String, Object> description = defaults(optimizer);
            description.putAll(options);
            return description;
        }

        @Override
        public String toString() {
            return optimizer + (options.isEmpty() ? "" : options.toString());
        }
    }

    /** Returns all cases. */
    public static Stream<Case> all() {
        return ALL.stream();
    }

    /** Returns the first case of an optimizer. */
    public static Case first(LibraryOptimizer optimizer) {
        return new Case(optimizer, IN_PLACE_OF_DEFAULTS.getOrDefault(optimizer, Map.of()));
    }

    /** Returns the description of an optimizer on whose builder nothing is set. */
    public static Map<String, Object> defaults(LibraryOptimizer optimizer) {
        try (StatefulOptimizer made = optimizer.create(Networks.mlp(1), builder -> {})) {
            return new LinkedHashMap<>(made.describe());
        }
    }

    /** Returns the file of golden values of an optimizer; empty where others hold them. */
    public static Optional<JsonObject> golden(LibraryOptimizer optimizer) {
        if (WITHOUT_GOLDEN_FILE.containsKey(optimizer)) {
            return Optional.empty();
        }
        String file = "/golden/" + optimizer.name().toLowerCase(Locale.ROOT) + ".json";
        try (InputStream stream = OptimizerCases.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("There are no golden values: " + file);
            }
            try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
                return Optional.of(JsonParser.parseReader(reader).getAsJsonObject());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the options of a golden case, by the keys of descriptions. */
    public static Map<String, Object> options(JsonElement golden) {
        return values(golden.getAsJsonObject().getAsJsonObject("options"));
    }

    /** Reads what an optimizer's origin has as its options' defaults. */
    public static Map<String, Object> defaultsOfOrigin(JsonObject golden) {
        return values(golden.getAsJsonObject("defaults"));
    }

    private static Map<String, Object> values(JsonObject json) {
        Map<String, Object> values = new LinkedHashMap<>();
        json.entrySet()
                .forEach(
                        entry ->
                                values.put(
                                        entry.getKey(),
                                        JsonUtils.GSON.fromJson(entry.getValue(), Object.class)));
        return values;
    }

    private static Stream<Case> of(LibraryOptimizer optimizer) {
        List<Map<String, ?>> settings = new ArrayList<>();
        golden(optimizer)
                .ifPresentOrElse(
                        golden -> settings.addAll(ofRule(optimizer, golden)),
                        () -> settings.addAll(WITHOUT_GOLDEN_FILE.get(optimizer)));
        return Stream.concat(
                Stream.of(first(optimizer)),
                settings.stream()
                        .filter(options -> !options.isEmpty())
                        .map(options -> new Case(optimizer, options))
                        .distinct());
    }

    /** The options of golden cases as far as they are the rule's own. */
    private static List<Map<String, Object>> ofRule(LibraryOptimizer optimizer, JsonObject golden) {
        Map<String, Object> own = defaults(optimizer);
        List<Map<String, Object>> settings = new ArrayList<>();
        for (JsonElement one : golden.getAsJsonObject("cases").asMap().values()) {
            Map<String, Object> options = options(one);
            options.keySet().retainAll(own.keySet());
            settings.add(options);
        }
        return settings;
    }
}
