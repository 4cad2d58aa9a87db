// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All components that studies can name, and the only look-up of them: those of the suite, which
 * {@link ServiceLoader} finds on the class path, and those of plug-ins.
 */
public final class Catalog {

    private static final Logger logger = LoggerFactory.getLogger(Catalog.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Kind, TreeMap<String, Entry>> entries = new EnumMap<>(Kind.class);
    private final List<NameFamily> families = new ArrayList<>();
    private final FileComponents files = new FileComponents();
    private final ClassComponents classes = new ClassComponents();
    private final Plugins plugins;
    private final UnaryOperator<String> finder;

    /**
     * A component that can be named.
     *
     * @param factory what it is
     * @param origin the jar that it comes from; empty for the suite
     * @param code SHA-256, in hex, of that jar; empty for the suite
     */
    public record Entry(Named factory, String origin, String code) {}

    private Catalog(Plugins plugins) {
        this(plugins, UnaryOperator.identity());
    }

    private Catalog(Plugins plugins, UnaryOperator<String> finder) {
        this.plugins = plugins;
        this.finder = finder;
        for (Kind kind : Kind.values()) {
            entries.put(kind, new TreeMap<>());
        }
    }

    /**
     * Collects the suite's own components.
     *
     * @return the catalog
     */
    public static Catalog ofSuite() {
        return of(Plugins.none());
    }

    /**
     * Collects the suite's own components and those of plug-ins.
     *
     * @param plugins the plug-ins
     * @return the catalog
     * @throws IllegalArgumentException if a name is taken twice; the message says by which jars
     */
    public static Catalog of(Plugins plugins) {
        Catalog catalog = new Catalog(plugins);
        for (Kind kind : Kind.values()) {
            ServiceLoader.load(kind.factory(), PluginJar.suite())
                    .forEach(one -> catalog.add(kind, one));
            plugins.services(kind)
                    .forEach(one -> catalog.add(kind, one.factory(), one.origin(), one.code()));
        }
        List<ComponentSet> yielding = new ArrayList<>();
        for (ComponentSet set : ServiceLoader.load(ComponentSet.class, PluginJar.suite())) {
            if (set.givesWay()) {
                yielding.add(set);
            } else {
                set.members().forEach(one -> catalog.add(set.kind(), one));
            }
        }
        for (ComponentSet set : yielding) {
            set.members().stream()
                    .filter(one -> !catalog.entries.get(set.kind()).containsKey(one.name()))
                    .forEach(one -> catalog.add(set.kind(), one));
        }
        ServiceLoader.load(NameFamily.class, PluginJar.suite()).forEach(catalog.families::add);
        return catalog;
    }

    /**
     * Returns this catalog for a machine where files are elsewhere.
     *
     * @param finder says of a path that another process wrote where the file is here
     * @return the same components, of which {@link #read} finds the files there
     */
    public Catalog findingFiles(UnaryOperator<String> finder) {
        Catalog here = new Catalog(plugins, finder);
        here.entries.putAll(entries);
        here.families.addAll(families);
        return here;
    }

    private void add(Kind kind, Named factory) {
        Class<?> type = factory.getClass();
        add(kind, factory, Plugins.origin(type), Plugins.code(type));
    }

    private void add(Kind kind, Named factory, String origin, String code) {
        Entry other =
                entries.get(kind).putIfAbsent(factory.name(), new Entry(factory, origin, code));
        if (other != null) {
            throw new IllegalArgumentException(
                    "Two components are "
                            + kind.noun()
                            + " named \""
                            + factory.name()
                            + "\": that of "
                            + place(other.origin())
                            + " and that of "
                            + place(origin)
                            + ". Leave one of them out.");
        }
    }

    private static String place(String origin) {
        return origin.isEmpty() ? "the suite" : origin;
    }

    /**
     * Resolves a name.
     *
     * @param kind what it is to be
     * @param name the name
     * @param given the options that the study gives, by name
     * @return the component
     * @throws IllegalArgumentException if there is none of that name, or its options are not
     *     allowed; the message says what is
     */
    public Component named(Kind kind, String name, Map<String, ?> given) {
        return resolve(kind, Component.Source.NAME, name, given);
    }

    /**
     * Resolves what {@link Component#toJson} wrote.
     *
     * @param kind what it is to be
     * @param json name, class or file, and options where there are some
     * @return the component
     * @throws IllegalArgumentException if it names nothing here, or its options are not allowed
     */
    public Component read(Kind kind, JsonNode json) {
        for (Component.Source source : Component.Source.values()) {
            if (json.has(source.key())) {
                String written = json.path(source.key()).asText();
                String reference =
                        source == Component.Source.FILE ? finder.apply(written) : written;
                Map<String, Object> options = new LinkedHashMap<>();
                json.path("options")
                        .properties()
                        .forEach(
                                one ->
                                        options.put(
                                                one.getKey(),
                                                JSON.convertValue(one.getValue(), Object.class)));
                Entry entry = find(kind, source, reference);
                for (Option<?> option : entry.factory().options()) {
                    if (option.type() == Option.Type.FILE) {
                        options.computeIfPresent(
                                option.name(), (name, file) -> finder.apply(file.toString()));
                    }
                }
                return resolve(entry, kind, source, reference, options);
            }
        }
        throw new IllegalArgumentException("This is no component: " + json + ".");
    }

    /**
     * Resolves what a study names.
     *
     * @param kind what it is to be
     * @param source whether it is a name, a class or a file
     * @param reference the name, class or file
     * @param given the options that the study gives, by name
     * @return the component
     * @throws IllegalArgumentException if there is none, or its options are not allowed; the
     *     message says what is
     */
    public Component resolve(
            Kind kind, Component.Source source, String reference, Map<String, ?> given) {
        return resolve(find(kind, source, reference), kind, source, reference, given);
    }

    private static Component resolve(
            Entry entry,
            Kind kind,
            Component.Source source,
            String reference,
            Map<String, ?> given) {
        Named factory = entry.factory();
        Options options =
                entry.code().isEmpty() || source == Component.Source.FILE
                        ? resolve(factory, given)
                        : Guarded.call(
                                entry.origin() + ", " + kind.word() + " " + reference,
                                () -> resolve(factory, given));
        return new Component(
                kind, source, reference, factory, options, entry.origin(), entry.code());
    }

    private static Options resolve(Named factory, Map<String, ?> given) {
        return factory.complete(Options.of(factory.options(), given));
    }

    /**
     * Finds what a study names, without its options.
     *
     * @param kind what it is to be
     * @param source whether it is a name, a class or a file
     * @param reference the name, class or file
     * @return the entry
     * @throws IllegalArgumentException if there is none
     */
    public Entry find(Kind kind, Component.Source source, String reference) {
        return switch (source) {
            case NAME -> entry(kind, reference);
            case CLASS -> classes.open(kind, reference);
            case FILE -> files.open(kind, reference);
        };
    }

    /**
     * Finds what a name stands for.
     *
     * @param kind what it is to be
     * @param name the name
     * @return the entry
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    public Entry entry(Kind kind, String name) {
        return find(kind, name)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "There is no "
                                                + kind.word()
                                                + " \""
                                                + name
                                                + "\"; there are "
                                                + String.join(", ", names(kind))
                                                + end(Spelling.hint(name, names(kind)))
                                                + String.join("", hints())));
    }

    private static String end(String hint) {
        return hint.isEmpty() ? "." : hint;
    }

    /** A name may be missing because its jar could not be read whole. */
    private List<String> hints() {
        return plugins.warnings().stream().map(warning -> " " + warning).toList();
    }

    private Optional<Entry> find(Kind kind, String name) {
        Entry exact = entries.get(kind).get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        int colon = name.indexOf(':');
        return families.stream()
                .filter(family -> family.kind() == kind && colon >= 0)
                .filter(family -> family.name().equals(name.substring(0, colon)))
                .flatMap(family -> family.member(name.substring(colon + 1)).stream())
                .map(member -> new Entry(member, "", ""))
                .findFirst();
    }

    /**
     * Finds the classes of plug-ins that a study can name by {@code class}.
     *
     * @return what each is, by its name
     */
    public Map<String, Kind> pluginClasses() {
        Map<String, Kind> found = new TreeMap<>();
        for (String name : plugins.classNames()) {
            try {
                classes.kindOf(Class.forName(name, false, plugins.loader()))
                        .ifPresent(kind -> found.put(name, kind));
            } catch (ClassNotFoundException | LinkageError e) {
                logger.debug("The class {} cannot be loaded.", name, e);
            }
        }
        return found;
    }

    /**
     * Lists the names of a kind.
     *
     * @param kind the kind
     * @return the names, and how those of families are formed
     */
    public List<String> names(Kind kind) {
        List<String> names = new ArrayList<>(entries.get(kind).keySet());
        families.stream()
                .filter(family -> family.kind() == kind)
                .sorted(Comparator.comparing(Named::name))
                .forEach(family -> names.add(family.usage()));
        return names;
    }

    /**
     * Lists the components of a kind.
     *
     * @param kind the kind
     * @return the components by name, without those of families
     */
    public Collection<Entry> entries(Kind kind) {
        return List.copyOf(entries.get(kind).values());
    }

    /**
     * Lists the families of a kind.
     *
     * @param kind the kind
     * @return the families by name
     */
    public List<NameFamily> families(Kind kind) {
        return families.stream()
                .filter(family -> family.kind() == kind)
                .sorted(Comparator.comparing(Named::name))
                .toList();
    }
}
