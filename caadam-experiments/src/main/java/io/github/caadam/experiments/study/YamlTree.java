// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 into nodes that know their line. It refuses what a study has no use for and an
 * attacker has: keys that are given twice or are no text, tags, several documents, deep nesting,
 * and aliases that name what they stand in or that unfold to very many nodes.
 */
final class YamlTree {

    private static final int DEEPEST = 20;
    private static final int MOST_NODES = 100_000;

    private final String origin;
    private final Iterator<Event> events;
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();
    private int nodes;

    private YamlTree(String text, String origin) {
        this.origin = origin;
        LoadSettings settings = LoadSettings.builder().setLabel(origin).build();
        events = new Parse(settings).parseString(text).iterator();
    }

    /**
     * Reads a text.
     *
     * @param text the text, of one document
     * @param origin what messages call it
     * @return its node
     * @throws IOException if it is not such a text; the message has file, line and column
     */
    static YamlNode read(String text, String origin) throws IOException {
        try {
            return new YamlTree(text, origin).document();
        } catch (MarkedYamlEngineException e) {
            YamlNode.Place place =
                    e.getProblemMark()
                            .map(
                                    mark ->
                                            new YamlNode.Place(
                                                    origin,
                                                    mark.getLine() + 1,
                                                    mark.getColumn() + 1))
                            .orElse(YamlNode.Place.start(origin));
            String context = e.getContext() == null ? "" : e.getContext() + ", ";
            throw place.fault("this is not YAML: " + context + e.getProblem());
        } catch (YamlEngineException e) {
            throw YamlNode.Place.start(origin).fault("this is not YAML: " + e.getMessage());
        }
    }

    private YamlNode document() throws IOException {
        events.next();
        if (events.next().getEventId() == Event.ID.StreamEnd) {
            throw YamlNode.Place.start(origin).fault("the file holds nothing");
        }
        YamlNode root = node(events.next(), 0);
        events.next();
        Event end = events.next();
        if (end.getEventId() != Event.ID.StreamEnd) {
            throw place(end).fault("a second document begins here; only one is read");
        }
        return root;
    }

    private YamlNode.Place place(Event event) {
        return event.getStartMark()
                .map(mark -> new YamlNode.Place(origin, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(YamlNode.Place.start(origin));
    }

    private YamlNode node(Event event, int depth) throws IOException {
        YamlNode.Place place = place(event);
        if (depth > DEEPEST) {
            throw place.fault("lists and maps are nested more than " + DEEPEST + " deep");
        }
        YamlNode node = read(event, place, depth);
        nodes += event instanceof AliasEvent ? node.size() : 1;
        if (nodes > MOST_NODES) {
            throw place.fault("there are more than " + MOST_NODES + " values, aliases unfolded");
        }
        if (event instanceof NodeEvent anchored && !(event instanceof AliasEvent)) {
            anchored.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
        }
        return node;
    }

    private YamlNode read(Event event, YamlNode.Place place, int depth) throws IOException {
        if (event instanceof AliasEvent alias) {
            YamlNode named = anchors.get(alias.getAlias());
            if (named == null) {
                throw place.fault(
                        "the alias *" + alias.getAlias() + " names nothing that ends before it");
            }
            return named;
        }
        if (event instanceof ScalarEvent scalar) {
            requireNoTag(scalar.getTag(), place);
            return YamlNode.scalar(place, scalar.getValue(), scalar.isPlain());
        }
        requireNoTag(((CollectionStartEvent) event).getTag(), place);
        return event.getEventId() == Event.ID.SequenceStart
                ? list(place, depth)
                : map(place, depth);
    }

    private static void requireNoTag(Optional<String> tag, YamlNode.Place place)
            throws IOException {
        if (tag.isPresent()) {
            throw place.fault("tags such as " + tag.get() + " are not read");
        }
    }

    private YamlNode list(YamlNode.Place place, int depth) throws IOException {
        List<YamlNode> items = new ArrayList<>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.SequenceEnd) {
            items.add(node(event, depth + 1));
            event = events.next();
        }
        return YamlNode.list(place, items);
    }

    private YamlNode map(YamlNode.Place place, int depth) throws IOException {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        Event event = events.next();
        while (event.getEventId() != Event.ID.MappingEnd) {
            YamlNode key = node(event, depth + 1);
            String text = key.text("a key");
            YamlNode value = node(events.next(), depth + 1);
            YamlNode.Entry before = entries.put(text, new YamlNode.Entry(place(event), value));
            if (before != null) {
                throw place(event)
                        .fault(
                                "the key \""
                                        + text
                                        + "\" was given in line "
                                        + before.place().line()
                                        + " already");
            }
            event = events.next();
        }
        return YamlNode.map(place, entries);
    }
}
