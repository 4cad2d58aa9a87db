// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import ai.djl.engine.Engine;
import io.github.caadam.plugin.Named;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One jar of a plug-in. */
final class PluginJar {

    /** What a plug-in and the suite speak to each other in: there must be one of each. */
    private static final List<String> SHARED =
            List.of("java.", "javax.", "jdk.", "ai.djl.", "io.github.caadam.", "org.slf4j.");

    /** A provider that cannot be found is reported; there may be several in a jar. */
    private static final int MOST_FAULTS = 100;

    private static final String CLASS = ".class";

    private static final Logger logger = LoggerFactory.getLogger(PluginJar.class);

    private final Path path;
    private final String digest;
    private final Loader loader;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final List<String> classNames = new ArrayList<>();

    private PluginJar(Path path, String digest, URL url) {
        this.path = path;
        this.digest = digest;
        this.loader = new Loader(this, url);
    }

    /**
     * Opens a jar.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is no jar, or not all of a plug-in
     */
    static PluginJar open(Path path) throws IOException {
        try (JarFile file = new JarFile(path.toFile())) {
            Manifest manifest = file.getManifest();
            String more =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (more != null && !more.isBlank()) {
                throw new IllegalArgumentException(
                        "The plug-in "
                                + path
                                + " names other jars in its manifest, by Class-Path. A plug-in is"
                                + " one jar with all that it needs; have its build put them in.");
            }
            PluginJar jar = new PluginJar(path, Digests.of(path), path.toUri().toURL());
            jar.reportShared(file);
            jar.collectNames(file);
            return jar;
        } catch (ZipException e) {
            throw new IllegalArgumentException(
                    "The plug-in " + path + " is no jar: " + e.getMessage() + ".", e);
        }
    }

    /** Reports a jar that brings what is the suite's to bring. */
    private void reportShared(JarFile file) throws IOException {
        Set<String> brought = new LinkedHashSet<>();
        for (Enumeration<? extends ZipEntry> all = file.entries(); all.hasMoreElements(); ) {
            String entry = all.nextElement().getName();
            if (entry.endsWith(CLASS) && isShared(entry.replace('/', '.'))) {
                if (suite().getResource(entry) != null) {
                    brought.add(library(entry));
                }
            }
        }
        if (!brought.isEmpty()) {
            String version = djlVersion(file);
            warnings.add(
                    name()
                            + " brings "
                            + String.join(", ", brought)
                            + (version.isEmpty() ? "" : " (DJL " + version + ")")
                            + " of its own. They are left aside, as there can only be one of each:"
                            + " it runs on the suite's, DJL "
                            + suiteVersion()
                            + ". Have its build leave them out.");
        }
    }

    private void collectNames(JarFile file) {
        file.stream()
                .map(ZipEntry::getName)
                .filter(entry -> entry.endsWith(CLASS) && !entry.contains("$"))
                .filter(entry -> !entry.startsWith("META-INF/") && !entry.contains("-info"))
                .map(entry -> entry.substring(0, entry.length() - CLASS.length()).replace('/', '.'))
                .filter(name -> !isShared(name))
                .sorted()
                .forEach(classNames::add);
    }

    private static String library(String entry) {
        if (entry.startsWith("ai/djl/")) {
            return "ai.djl";
        }
        return entry.startsWith("org/slf4j/") ? "org.slf4j" : "io.github.caadam";
    }

    private static String djlVersion(JarFile file) throws IOException {
        ZipEntry properties = file.getEntry("META-INF/maven/ai.djl/api/pom.properties");
        if (properties == null) {
            return "";
        }
        Properties read = new Properties();
        try (var input = file.getInputStream(properties)) {
            read.load(input);
        }
        return read.getProperty("version", "");
    }

    private static String suiteVersion() {
        return Engine.getDjlVersion();
    }

    /** Returns whether a class is one that plug-ins have from the suite. */
    static boolean isShared(String className) {
        return SHARED.stream().anyMatch(className::startsWith);
    }

    /** Returns the loader of the suite. */
    static ClassLoader suite() {
        return PluginJar.class.getClassLoader();
    }

    Path path() {
        return path;
    }

    /** Returns the name that messages use. */
    String name() {
        return path.getFileName().toString();
    }

    String digest() {
        return digest;
    }

    Loader loader() {
        return loader;
    }

    List<String> classNames() {
        return List.copyOf(classNames);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Makes the components of a kind that the jar lists. One that cannot be made is reported, and
     * the others count.
     */
    List<Named> services(Kind kind) {
        List<Named> all = new ArrayList<>();
        Iterator<? extends ServiceLoader.Provider<? extends Named>> providers =
                ServiceLoader.load(kind.factory(), loader).stream().iterator();
        for (int faults = 0; faults < MOST_FAULTS; ) {
            try {
                ServiceLoader.Provider<? extends Named> provider =
                        Guarded.call(name(), () -> providers.hasNext() ? providers.next() : null);
                if (provider == null) {
                    return all;
                }
                if (provider.type().getClassLoader() == loader) {
                    all.add(
                            Guarded.call(
                                    name() + ", " + provider.type().getName(),
                                    () -> checked(provider.get())));
                }
            } catch (IllegalArgumentException e) {
                faults++;
                logger.debug("A component of {} cannot be loaded.", path, e);
                warnings.add("A component cannot be loaded: " + reason(e));
            }
        }
        return all;
    }

    /** What a broken component throws, it throws now. */
    private static Named checked(Named factory) {
        if (factory.name() == null || !factory.name().matches("[a-z0-9][a-z0-9:.-]*")) {
            throw new IllegalArgumentException(
                    "a name is of lower-case letters, digits, - and :, found "
                            + factory.name()
                            + ".");
        }
        if (factory.description() == null || factory.options() == null) {
            throw new IllegalArgumentException("it has no description or no list of options.");
        }
        return factory;
    }

    private static String reason(IllegalArgumentException fault) {
        Throwable cause = fault.getCause();
        if (cause instanceof ServiceConfigurationError) {
            String what = String.valueOf(cause.getMessage());
            return fault.getMessage().substring(0, fault.getMessage().indexOf(" failed: "))
                    + ": "
                    + what
                    + (cause.getCause() == null ? "" : ": " + Guarded.words(cause.getCause()))
                    + ".";
        }
        return fault.getMessage();
    }

    void close() {
        try {
            loader.close();
        } catch (IOException e) {
            logger.warn("{} cannot be closed.", path, e);
        }
    }

    /** Finds a jar's own classes first, but for those that it has from the suite. */
    static final class Loader extends URLClassLoader {

        static {
            registerAsParallelCapable();
        }

        private final PluginJar jar;

        Loader(PluginJar jar, URL url) {
            super(jar.name(), new URL[] {url}, suite());
            this.jar = jar;
        }

        PluginJar jar() {
            return jar;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (isShared(name)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> found = findLoadedClass(name);
                if (found == null) {
                    try {
                        found = findClass(name);
                    } catch (ClassNotFoundException e) {
                        return super.loadClass(name, resolve);
                    }
                }
                if (resolve) {
                    resolveClass(found);
                }
                return found;
            }
        }

        @Override
        public URL getResource(String name) {
            URL own = findResource(name);
            return own == null ? super.getResource(name) : own;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            Enumeration<URL> own = findResources(name);
            Enumeration<URL> others = getParent().getResources(name);
            return new Enumeration<>() {
                @Override
                public boolean hasMoreElements() {
                    return own.hasMoreElements() || others.hasMoreElements();
                }

                @Override
                public URL nextElement() {
                    if (!hasMoreElements()) {
                        throw new NoSuchElementException();
                    }
                    return own.hasMoreElements() ? own.nextElement() : others.nextElement();
                }
            };
        }
    }
}
