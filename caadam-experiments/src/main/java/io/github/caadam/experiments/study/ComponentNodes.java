// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.component.Spelling;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads components: a name, or a map with exactly one of name, class and file. */
final class ComponentNodes {

    private static final String SEEDS = "seeds";

    private final Catalog catalog;
    private final Path folder;

    /**
     * Creates a reader.
     *
     * @param catalog what names are looked up in
     * @param folder the directory that paths are relative to
     */
    ComponentNodes(Catalog catalog, Path folder) {
        this.catalog = catalog;
        this.folder = folder;
    }

    Catalog catalog() {
        return catalog;
    }

    /** A component as a study writes it. */
    final class Written {

        private final Kind kind;
        private final YamlNode node;
        private final Optional<YamlNode.Keys> keys;
        private final Component.Source source;
        private final String reference;
        private final Named factory;
        private final Map<String, Object> options = new LinkedHashMap<>();

        private Written(
                Kind kind,
                YamlNode node,
                Optional<YamlNode.Keys> keys,
                Component.Source source,
                YamlNode referenceNode)
                throws IOException {
            this.kind = kind;
            this.node = node;
            this.keys = keys;
            this.source = source;
            String written = referenceNode.text("the " + source.key() + " of " + kind.noun());
            reference =
                    source == Component.Source.FILE
                            ? referenceNode.locating(() -> absolute(written))
                            : written;
            factory = referenceNode.locating(() -> catalog.find(kind, source, reference)).factory();
            Optional<YamlNode> given = find("options");
            if (given.isPresent()) {
                readInto(options, given.get());
            }
        }

        Component.Source source() {
            return source;
        }

        String reference() {
            return reference;
        }

        Named factory() {
            return factory;
        }

        YamlNode node() {
            return node;
        }

        Optional<YamlNode.Keys> keys() {
            return keys;
        }

        Optional<YamlNode> find(String key) {
            return keys.flatMap(given -> given.find(key));
        }

        Optional<String> label() throws IOException {
            Optional<YamlNode> label = find("label");
            return label.isPresent()
                    ? Optional.of(label.get().text("the label of " + kind.noun()))
                    : Optional.empty();
        }

        /** Returns the options that stand there, read. */
        Map<String, Object> options() {
            return options;
        }

        /** Resolves the component with more options. */
        Component component(Map<String, Object> more) throws IOException {
            Map<String, Object> all = new LinkedHashMap<>(options);
            all.putAll(more);
            return node.locating(() -> catalog.resolve(kind, source, reference, all));
        }

        /** Finds an option, by the place where its name stands. */
        Option<?> option(String name, YamlNode.Place place) throws IOException {
            List<Option<?>> declared = factory.options();
            for (Option<?> option : declared) {
                if (option.name().equals(name)) {
                    return option;
                }
            }
            List<String> names = declared.stream().map(Option::name).toList();
            throw place.fault(
                    "\""
                            + name
                            + "\" is no option of "
                            + reference
                            + (names.isEmpty()
                                    ? ", which has none"
                                    : ", which has " + String.join(", ", names))
                            + Spelling.hint(name, names));
        }

        /** Reads a value of an option. */
        Object value(Option<?> option, YamlNode value) throws IOException {
            Object read = value.value("\"" + option.name() + "\"");
            value.locating(() -> option.read(read));
            return option.type() == Option.Type.FILE
                    ? value.locating(() -> absolute(read.toString()))
                    : read;
        }

        /** Reads options, each checked where it stands. */
        private void readInto(Map<String, Object> target, YamlNode map) throws IOException {
            for (Map.Entry<String, YamlNode.Entry> entry :
                    map.entries("the options of " + reference).entrySet()) {
                Option<?> option = option(entry.getKey(), entry.getValue().place());
                target.put(option.name(), value(option, entry.getValue().value()));
            }
        }
    }

    /**
     * Reads a component.
     *
     * @param kind what it is to be
     * @param node the name or the map
     * @param more the keys that it may have besides label and options
     */
    Written read(Kind kind, YamlNode node, List<String> more) throws IOException {
        if (node.isScalar()) {
            return new Written(kind, node, Optional.empty(), Component.Source.NAME, node);
        }
        List<String> allowed =
                new ArrayList<>(List.of("name", "class", "file", "label", "options"));
        allowed.addAll(more);
        YamlNode.Keys keys = node.map(kind.noun(), allowed.toArray(String[]::new));
        Component.Source source = null;
        for (Component.Source one : Component.Source.values()) {
            if (keys.find(one.key()).isPresent()) {
                if (source != null) {
                    throw node.fault(
                            kind.noun()
                                    + " has exactly one of name, class and file, found both "
                                    + source.key()
                                    + " and "
                                    + one.key());
                }
                source = one;
            }
        }
        if (source == null) {
            throw node.fault(kind.noun() + " has no \"name\", \"class\" or \"file\"");
        }
        return new Written(kind, node, Optional.of(keys), source, keys.require(source.key()));
    }

    private String absolute(String file) {
        try {
            return folder.resolve(file).toAbsolutePath().normalize().toString();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("This is no path: " + file + ".", e);
        }
    }

    /** Returns how many seeds something has, if fewer than the others. */
    static OptionalInt fewer(Optional<YamlNode.Keys> keys, int others) throws IOException {
        Optional<YamlNode> node = keys.flatMap(given -> given.find(SEEDS));
        if (node.isEmpty()) {
            return OptionalInt.empty();
        }
        int fewer = node.get().whole("\"seeds\"", 1);
        if (fewer >= others) {
            throw node.get().mustBe("\"seeds\"", "fewer than the study's " + others);
        }
        return OptionalInt.of(fewer);
    }

    /** Returns what data are called without a label. */
    static String shortName(Component component) {
        return switch (component.source()) {
            case NAME -> component.reference();
            case CLASS -> component.reference().replaceFirst("^.*\\.", "");
            case FILE -> Path.of(component.reference()).getFileName().toString();
        };
    }

    /** Returns a title with options behind it. */
    static String label(String title, Map<String, Object> options, Map<String, Object> grid) {
        StringBuilder label = new StringBuilder(title);
        options.forEach((name, value) -> label.append(' ').append(name).append('=').append(value));
        grid.forEach((name, value) -> label.append(' ').append(name).append('=').append(value));
        return label.toString();
    }
}
