// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments;

import ai.djl.Device;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A jar that is compiled from source, as a stranger's plug-in would be. */
public final class SourceJar {

    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
    private static final Pattern TYPE =
            Pattern.compile("public (?:abstract |final )*(?:class|record|interface|enum) (\\w+)");

    private final List<String> sources = new ArrayList<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final List<String> compilerOptions = new ArrayList<>();
    private String classPath =
            Stream.of(MetricFactory.class, Device.class, ScalingStrategy.class)
                    .map(SourceJar::location)
                    .distinct()
                    .collect(Collectors.joining(File.pathSeparator));

    private SourceJar() {}

    /** Begins a jar. */
    public static SourceJar of(String... sources) {
        SourceJar jar = new SourceJar();
        jar.sources.addAll(List.of(sources));
        return jar;
    }

    /** Adds what META-INF/services says. */
    public SourceJar withService(Class<?> type, String... implementations) {
        return withText(
                "META-INF/services/" + type.getName(), String.join("\n", implementations) + "\n");
    }

    /** Adds a file. */
    public SourceJar withText(String name, String text) {
        texts.put(name, text);
        return this;
    }

    /** Has names of parameters in the class files. */
    public SourceJar withParameterNames() {
        compilerOptions.add("-parameters");
        return this;
    }

    /** Compiles against another jar, too. */
    public SourceJar using(Path jar) {
        classPath = jar + File.pathSeparator + classPath;
        return this;
    }

    /** Compiles and writes the jar. */
    public Path write(Path file) throws IOException {
        Path classes = Files.createTempDirectory(file.toAbsolutePath().getParent(), "classes");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "-d",
                                classes.toString(),
                                "-cp",
                                classPath,
                                "--release",
                                "17",
                                "-proc:none"));
        options.addAll(compilerOptions);
        boolean compiled =
                sources.isEmpty()
                        || compiler.getTask(
                                        null,
                                        null,
                                        null,
                                        options,
                                        null,
                                        sources.stream().map(Source::new).toList())
                                .call();
        if (!compiled) {
            throw new IllegalArgumentException("The plug-in does not compile.");
        }
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> all = Files.walk(classes)) {
            all.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(one -> add(jar, classes.relativize(one).toString(), read(one)));
            texts.forEach((name, text) -> add(jar, name, text.getBytes(StandardCharsets.UTF_8)));
        }
        return file;
    }

    private static String location(Class<?> type) {
        return Path.of(
                        URI.create(
                                type.getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toString()))
                .toString();
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Entries have a fixed time, so that the same source is the same jar. */
    private static void add(JarOutputStream jar, String name, byte[] content) {
        try {
            JarEntry entry = new JarEntry(name);
            entry.setTime(0);
            jar.putNextEntry(entry);
            jar.write(content);
            jar.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///" + path(text)), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        private static String path(String text) {
            return (first(PACKAGE, text) + "." + first(TYPE, text)).replace('.', '/') + ".java";
        }

        private static String first(Pattern pattern, String text) {
            Matcher matcher = pattern.matcher(text);
            if (!matcher.find()) {
                throw new IllegalArgumentException("The source has no " + pattern + ".");
            }
            return matcher.group(1);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
