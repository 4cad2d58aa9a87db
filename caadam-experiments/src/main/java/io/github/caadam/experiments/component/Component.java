// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A component of a study with all its options resolved: what a name, a class or a file stands for.
 * {@link Catalog} makes it. Two components are equal if their identities are: a label is no part of
 * it, nor is the path of a file.
 */
public final class Component {

    private static final String SUITE = "io.github.caadam.experiments.";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How a study says what it means; the words are its keys. */
    public enum Source {
        /** A name of the catalog. */
        NAME("name"),
        /** A class by DJL's own conventions. */
        CLASS("class"),
        /** A file, of which the content counts. */
        FILE("file");

        private final String key;

        Source(String key) {
            this.key = key;
        }

        /**
         * Finds a source.
         *
         * @param key its key
         * @return the source
         * @throws IllegalArgumentException if there is none
         */
        public static Source of(String key) {
            return Arrays.stream(values())
                    .filter(source -> source.key.equals(key))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No source: " + key + "."));
        }

        /**
         * Returns the key that studies use.
         *
         * @return {@code name}, {@code class} or {@code file}
         */
        public String key() {
            return key;
        }
    }

    private final Kind kind;
    private final Source source;
    private final String reference;
    private final Named factory;
    private final Options options;
    private final String origin;
    private final String ownCode;
    private final String code;
    private final Map<String, String> plugins;
    private volatile ObjectNode identity;

    /**
     * Takes a component together.
     *
     * @param kind its kind
     * @param source how a study says what it means
     * @param reference the name, class or file
     * @param factory what it stands for
     * @param options its options, complete
     * @param origin the name of the jar that it comes from, or of its directory of classes; empty
     *     for what is part of the suite
     * @param ownCode SHA-256, in hex, of the code or the file that it comes from; empty for what is
     *     part of the suite, whose results version stands for it
     * @throws IllegalArgumentException if a file that its options name cannot be read
     */
    Component(
            Kind kind,
            Source source,
            String reference,
            Named factory,
            Options options,
            String origin,
            String ownCode) {
        this.kind = kind;
        this.source = source;
        this.reference = reference;
        this.factory = factory;
        this.options = options;
        this.origin = origin;
        this.ownCode = ownCode;
        this.code = code(kind, ownCode, options);
        this.plugins = plugins(source == Source.FILE ? "" : ownCode, origin, options);
    }

    /** The digest of all that a component is made of: its own code, and what its options name. */
    private static String code(Kind kind, String own, Options options) {
        List<String> digests = new ArrayList<>(List.of(own));
        for (Option<?> option : options.declared()) {
            Object value = options.asMap().get(option.name());
            if (value instanceof Map<?, ?> component && option.type() == Option.Type.COMPONENT) {
                digests.add(Nested.code(component));
            } else if (value != null && option.type() == Option.Type.FILE && kind != Kind.DATA) {
                digests.add(digest(option.name(), Path.of(value.toString())));
            }
        }
        return Digests.ofAll(digests);
    }

    private static Map<String, String> plugins(String own, String origin, Options options) {
        Map<String, String> plugins = new TreeMap<>();
        if (!own.isEmpty()) {
            plugins.put(origin, own);
        }
        for (Option<?> option : options.declared()) {
            if (option.type() == Option.Type.COMPONENT
                    && options.asMap().get(option.name()) instanceof Map<?, ?> component) {
                plugins.putAll(Nested.plugin(component));
            }
        }
        return Collections.unmodifiableMap(plugins);
    }

    private static String digest(String option, Path file) {
        try {
            return Digests.of(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "\"" + option + "\": the file " + file + " cannot be read.", e);
        }
    }

    /**
     * Returns the kind.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns how a study says what it means.
     *
     * @return the source
     */
    public Source source() {
        return source;
    }

    /**
     * Returns the name, class or file.
     *
     * @return such as {@code mlp:64-32}; a file's path is absolute
     */
    public String reference() {
        return reference;
    }

    /**
     * Returns what it stands for.
     *
     * @param type the interface of its kind
     * @param <F> the interface of its kind
     * @return the factory
     */
    public <F extends Named> F factory(Class<F> type) {
        return type.cast(factory);
    }

    /**
     * Returns the options.
     *
     * @return all of them, resolved
     */
    public Options options() {
        return options;
    }

    /**
     * Returns the digest of what it is made of: its own code or file, and the classes and files
     * that its options name. Of data, the values count, not their files.
     *
     * @return SHA-256, in hex; empty where all is part of the suite
     */
    public String code() {
        return code;
    }

    /**
     * Returns the plug-ins that it is made of: its own, and those of the classes that its options
     * name.
     *
     * @return SHA-256, in hex, by the name of the jar, or of the directory of classes
     */
    public Map<String, String> plugins() {
        return plugins;
    }

    /**
     * Returns the files that it is made of: its own, and those that its options name.
     *
     * @return their paths, as the study gives them
     */
    public List<String> files() {
        List<String> files = new ArrayList<>();
        if (source == Source.FILE) {
            files.add(reference);
        }
        for (Option<?> option : options.declared()) {
            Object value = options.asMap().get(option.name());
            if (option.type() == Option.Type.FILE && value != null) {
                files.add(value.toString());
            }
        }
        return files;
    }

    /**
     * Returns whether the suite itself brings the component, so that its own tests stand for it.
     *
     * @return false for what comes from a plug-in, and for classes of DJL, of which an engine may
     *     not run all
     */
    public boolean isOfSuite() {
        return code.isEmpty()
                && source != Source.CLASS
                && factory.getClass().getName().startsWith(SUITE)
                && factory.getClass().getPackage() != Component.class.getPackage();
    }

    /**
     * Returns this component with other values for some options.
     *
     * @param changes the values by name, as a study gives them
     * @return the component
     * @throws IllegalArgumentException if an option is unknown or its value not allowed
     */
    public Component with(Map<String, ?> changes) {
        return new Component(
                kind,
                source,
                reference,
                factory,
                factory.complete(options.with(changes)),
                origin,
                ownCode);
    }

    /**
     * Returns what determines the component, in the words of the study format.
     *
     * @return name or class, options where there are some, and the digest of code that is not the
     *     suite's; of a file its digest alone
     */
    public ObjectNode identity() {
        if (identity == null) {
            identity = newIdentity();
        }
        return identity.deepCopy();
    }

    private ObjectNode newIdentity() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (source != Source.FILE) {
            json.put(source.key(), reference);
        }
        if (!options.identity().isEmpty()) {
            json.set("options", JSON.valueToTree(options.identity()));
        }
        if (!code.isEmpty()) {
            json.put("code", code);
        }
        return json;
    }

    /**
     * Returns the component as a study would write it, with every option.
     *
     * @return name, class or file, and options where there are some
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put(source.key(), reference);
        if (!options.asMap().isEmpty()) {
            json.set("options", JSON.valueToTree(options.asMap()));
        }
        return json;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Component component
                && kind == component.kind
                && identity().equals(component.identity());
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, identity());
    }

    /** Returns the component as {@link #toJson} writes it. */
    @Override
    public String toString() {
        return kind.word() + " " + toJson();
    }
}
