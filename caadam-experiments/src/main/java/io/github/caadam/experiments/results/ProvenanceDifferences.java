// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where two provenances differ: what has to be known before their results are compared.
 *
 * @since 0.1.0
 */
public final class ProvenanceDifferences {

    private static final String NAME = "name";

    private final List<String> found = new ArrayList<>();

    private ProvenanceDifferences() {}

    /**
     * Lists the differences.
     *
     * @param one the provenance of the one side
     * @param other that of the other
     * @return phrases such as {@code seeds: 30 (0 to 29) and 10 (0 to 9)}, what determines results
     *     first and places behind; empty if there are none
     */
    public static List<String> of(Provenance one, Provenance other) {
        ProvenanceDifferences differences = new ProvenanceDifferences();
        differences.texts("study", one.study(), other.study());
        differences.sets("data", one.data(), other.data());
        differences.protocols(one.protocols(), other.protocols());
        differences.optimizers(one.optimizers(), other.optimizers());
        differences.texts("seeds", seeds(one), seeds(other));
        differences.texts("reductions", one.reductions(), other.reductions());
        differences.places(one.places(), other.places());
        return List.copyOf(differences.found);
    }

    private void texts(String what, String one, String other) {
        if (!one.equals(other)) {
            found.add(what + ": " + said(one) + " and " + said(other));
        }
    }

    private static String said(String text) {
        return text.isEmpty() ? "nothing" : text;
    }

    private void sets(String what, Collection<String> one, Collection<String> other) {
        only(what, "first", one, other);
        only(what, "second", other, one);
    }

    private void only(String what, String side, Collection<String> here, Collection<String> there) {
        Set<String> rest = new LinkedHashSet<>(here);
        rest.removeAll(there);
        if (!rest.isEmpty()) {
            found.add(what + ", the " + side + " only: " + String.join("; ", rest));
        }
    }

    /** By their options where both have one of a name, else as they are. */
    private void optimizers(List<JsonNode> one, List<JsonNode> other) {
        List<JsonNode> ours = new ArrayList<>(one);
        List<JsonNode> theirs = new ArrayList<>(other);
        ours.removeAll(other);
        theirs.removeAll(one);
        Map<String, JsonNode> first = single(ours);
        Map<String, JsonNode> second = single(theirs);
        first.keySet().retainAll(second.keySet());
        first.forEach(
                (name, optimizer) ->
                        Question.compare("optimizer " + name, optimizer, second.get(name), found));
        sets("optimizers", texts(ours, first.keySet()), texts(theirs, first.keySet()));
    }

    /** The components whose name is that of no other. */
    private static Map<String, JsonNode> single(List<JsonNode> components) {
        Map<String, JsonNode> single = byName(components);
        single.keySet()
                .removeIf(
                        name ->
                                components.stream().filter(one -> name(one).equals(name)).count()
                                        > 1);
        return single;
    }

    private static List<String> texts(List<JsonNode> components, Set<String> without) {
        return components.stream()
                .filter(one -> !without.contains(name(one)))
                .map(CanonicalJson::write)
                .toList();
    }

    private static String name(JsonNode component) {
        return component.path(NAME).asText();
    }

    /** One with one by their options, several by their names. */
    private void protocols(List<JsonNode> one, List<JsonNode> other) {
        if (one.size() == 1 && other.size() == 1) {
            Question.compare("protocol", one.get(0), other.get(0), found);
            return;
        }
        Map<String, JsonNode> others = byName(other);
        byName(one)
                .forEach(
                        (name, protocol) -> {
                            JsonNode same = others.get(name);
                            if (same != null) {
                                Question.compare("protocol " + name, protocol, same, found);
                            }
                        });
        sets("protocols", byName(one).keySet(), others.keySet());
    }

    private static Map<String, JsonNode> byName(List<JsonNode> components) {
        return components.stream()
                .collect(
                        Collectors.toMap(
                                ProvenanceDifferences::name,
                                one -> one,
                                (first, second) -> first,
                                TreeMap::new));
    }

    private static String seeds(Provenance provenance) {
        TreeSet<Integer> seeds = new TreeSet<>(provenance.seeds());
        return seeds.isEmpty()
                ? ""
                : seeds.size() + " (" + seeds.first() + " to " + seeds.last() + ")";
    }

    private void places(List<Map<String, String>> one, List<Map<String, String>> other) {
        Set<String> facts = new TreeSet<>();
        one.forEach(place -> facts.addAll(place.keySet()));
        other.forEach(place -> facts.addAll(place.keySet()));
        for (String fact : facts) {
            texts(fact, values(one, fact), values(other, fact));
        }
    }

    private static String values(List<Map<String, String>> places, String fact) {
        return places.stream()
                .map(place -> place.getOrDefault(fact, ""))
                .filter(value -> !value.isEmpty())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
