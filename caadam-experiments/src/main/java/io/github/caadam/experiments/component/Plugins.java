// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.Named;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars that a user gives by {@code --plugins}, each with a class loader of its own: two of them
 * may bring other versions of one library, and neither meets those of the suite. That isolates from
 * clashes, not from malice: a plug-in is code that the user runs.
 */
public final class Plugins implements AutoCloseable {

    private static final Plugins NONE = new Plugins(List.of());

    /** The digests of what lies on the class path, by where it lies. */
    private static final Map<String, String> ON_CLASS_PATH = new ConcurrentHashMap<>();

    private final List<PluginJar> jars;
    private final ClassLoader loader;

    /**
     * A jar, as another process is to find it.
     *
     * @param path where it is, absolute
     * @param digest its SHA-256, in hex
     */
    public record Jar(Path path, String digest) {

        private static final String SEPARATOR = "=";

        /**
         * Reads a jar as {@link #toString} writes it.
         *
         * @param text a path, {@code =} and a digest
         * @return the jar
         * @throws IllegalArgumentException if there is no digest
         */
        public static Jar parse(String text) {
            int split = text.lastIndexOf(SEPARATOR);
            if (split < 1 || !text.substring(split + 1).matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(
                        "A plug-in is a path, = and its SHA-256, found " + text + ".");
            }
            return new Jar(Path.of(text.substring(0, split)), text.substring(split + 1));
        }

        /**
         * Returns this jar at another place.
         *
         * @param directory where it is
         * @return the jar
         */
        public Jar in(Path directory) {
            return new Jar(directory.resolve(path.getFileName()).toAbsolutePath(), digest);
        }

        /** Returns the path, {@code =} and the digest. */
        @Override
        public String toString() {
            return path + SEPARATOR + digest;
        }
    }

    private Plugins(List<PluginJar> jars) {
        this.jars = List.copyOf(jars);
        this.loader = jars.isEmpty() ? PluginJar.suite() : new PluginClasses(this.jars);
    }

    /**
     * Returns no plug-ins.
     *
     * @return the plug-ins of a suite without any
     */
    public static Plugins none() {
        return NONE;
    }

    /**
     * Loads jars.
     *
     * @param places jars, and directories of which every jar counts
     * @return the plug-ins
     * @throws IOException if one is not there or cannot be read
     * @throws IllegalArgumentException if one cannot be a plug-in; the message says why
     */
    public static Plugins load(List<Path> places) throws IOException {
        Set<Path> files = new LinkedHashSet<>();
        for (Path place : places) {
            files.addAll(jarsIn(place));
        }
        List<PluginJar> jars = new ArrayList<>();
        Map<String, Path> byName = new HashMap<>();
        try {
            for (Path file : files) {
                Path other = byName.put(file.getFileName().toString(), file);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "Two plug-ins have one name, "
                                    + other
                                    + " and "
                                    + file
                                    + ". Leave one of them out, or rename it.");
                }
                jars.add(PluginJar.open(file));
            }
        } catch (IOException | IllegalArgumentException e) {
            closeAll(jars);
            throw e;
        }
        return jars.isEmpty() ? NONE : new Plugins(jars);
    }

    /**
     * Loads the jars that another process loaded.
     *
     * @param given what {@link #jars} gave there
     * @return the plug-ins
     * @throws IOException if one is not there or cannot be read
     * @throws IllegalArgumentException if one is another than there; the message names it
     */
    public static Plugins same(List<Jar> given) throws IOException {
        for (Jar jar : given) {
            if (!Files.exists(jar.path())) {
                throw new NoSuchFileException(
                        jar.path().toString(), null, "the plug-in is not on this machine");
            }
            String found = Digests.of(jar.path());
            if (!found.equals(jar.digest())) {
                throw new IllegalArgumentException(
                        "The plug-in "
                                + jar.path()
                                + " is not that of the study: its SHA-256 is "
                                + found
                                + ", not "
                                + jar.digest()
                                + ". Start the study again if the jar was built anew.");
            }
        }
        return load(given.stream().map(Jar::path).toList());
    }

    /**
     * Reads what {@code --plugins} is given.
     *
     * @param text paths, with commas between
     * @return the paths
     */
    public static List<Path> paths(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(path -> !path.isEmpty())
                .map(Path::of)
                .toList();
    }

    private static List<Path> jarsIn(Path place) throws IOException {
        Path real = place.toAbsolutePath().normalize();
        if (!Files.exists(real)) {
            throw new NoSuchFileException(place.toString(), null, "There is no such plug-in");
        }
        if (!Files.isDirectory(real)) {
            return List.of(real);
        }
        List<Path> jars;
        try (Stream<Path> files = Files.list(real)) {
            jars =
                    files.filter(file -> file.toString().endsWith(".jar"))
                            .filter(Files::isRegularFile)
                            .sorted()
                            .toList();
        }
        if (jars.isEmpty()) {
            throw new IllegalArgumentException("The directory " + place + " has no jar.");
        }
        return jars;
    }

    /**
     * Returns the jars.
     *
     * @return the jars, in the order in which they were given
     */
    public List<Jar> jars() {
        return jars.stream().map(jar -> new Jar(jar.path(), jar.digest())).toList();
    }

    /**
     * Returns what users are to know of the jars, such as components that cannot be loaded.
     *
     * @return sentences, each with the name of its jar
     */
    public List<String> warnings() {
        return jars.stream().flatMap(jar -> jar.warnings().stream()).toList();
    }

    /**
     * Returns the class loader that finds classes of all jars, and those of the suite.
     *
     * @return the loader
     */
    public ClassLoader loader() {
        return loader;
    }

    /**
     * Has this thread, and those that it starts from now on, find the plug-ins' classes by name.
     */
    public void install() {
        Thread.currentThread().setContextClassLoader(loader);
    }

    /** Returns the names of the jars' own classes, without those inside others. */
    List<String> classNames() {
        return jars.stream().flatMap(jar -> jar.classNames().stream()).distinct().toList();
    }

    /** Finds the components of a kind that the jars list under META-INF/services. */
    List<Found> services(Kind kind) {
        return jars.stream()
                .flatMap(
                        jar ->
                                jar.services(kind).stream()
                                        .map(one -> new Found(one, jar.name(), jar.digest())))
                .toList();
    }

    /**
     * A component that a jar lists.
     *
     * @param factory the component
     * @param origin the jar
     * @param code its digest
     */
    record Found(Named factory, String origin, String code) {}

    /**
     * Returns the digest of the code that a class comes from.
     *
     * @return SHA-256, in hex, of its jar, or of its directory of classes; empty for what is the
     *     suite's, DJL's or Java's, whose versions stand for them
     */
    static String code(Class<?> type) {
        if (type.getClassLoader() instanceof PluginJar.Loader own) {
            return own.jar().digest();
        }
        String location = location(type);
        if (PluginJar.isShared(type.getName()) || location.isEmpty()) {
            return "";
        }
        return ON_CLASS_PATH.computeIfAbsent(
                location,
                path -> {
                    try {
                        return Digests.of(Path.of(path));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /** Returns where a class comes from: a jar's name, the class path's, or empty for the suite. */
    static String origin(Class<?> type) {
        if (type.getClassLoader() instanceof PluginJar.Loader own) {
            return own.jar().name();
        }
        String location = location(type);
        return PluginJar.isShared(type.getName()) || location.isEmpty()
                ? ""
                : new File(location).getName();
    }

    private static String location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL url = source == null ? null : source.getLocation();
        if (url == null || !url.getProtocol().equals("file")) {
            return "";
        }
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException e) {
            return "";
        }
    }

    private static void closeAll(List<PluginJar> jars) {
        jars.forEach(PluginJar::close);
    }

    /** Closes the jars, whose classes must not be used any more. */
    @Override
    public void close() {
        closeAll(jars);
    }

    /** Returns the names of the jars. */
    @Override
    public String toString() {
        return jars.stream().map(PluginJar::name).collect(Collectors.joining(", "));
    }
}
