// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.caadam.experiments.SourceJar;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {

    @TempDir private Path directory;

    private static String metric(String type, String name, String body) {
        return """
        package com.acme;
        import io.github.caadam.plugin.*;
        public final class %s implements MetricFactory {
            %s
            public String name() { return "%s"; }
            public String description() { return "a test's"; }
            public boolean lowerIsBetter() { return true; }
            public Metric start(DataSignature data, Options options) { return null; }
        }
        """
                .formatted(type, body, name);
    }

    private Path metricJar(String file, String type, String name, String body) throws IOException {
        return SourceJar.of(metric(type, name, body))
                .withService(MetricFactory.class, "com.acme." + type)
                .write(directory.resolve(file));
    }

    @Test
    void componentsOfJarsAreFoundByName() throws IOException {
        Path jar = metricJar("acme.jar", "Huber", "huber", "");

        try (Plugins plugins = Plugins.load(List.of(directory))) {
            Component metric = Catalog.of(plugins).named(Kind.METRIC, "huber", Map.of());

            assertThat(plugins.warnings()).isEmpty();
            assertThat(plugins.jars())
                    .singleElement()
                    .satisfies(one -> assertThat(one.path()).isEqualTo(jar));
            assertThat(metric.code()).isEqualTo(plugins.jars().get(0).digest());
            assertThat(metric.identity().toString())
                    .isEqualTo("{\"name\":\"huber\",\"code\":\"" + metric.code() + "\"}");
        }
    }

    @Test
    void jarsHaveTheirOwnLibraries() throws IOException {
        String library =
                """
                package com.lib;
                public final class Version { public static String get() { return "%s"; } }
                """;
        for (String version : List.of("1", "2")) {
            SourceJar.of(
                            library.formatted(version),
                            metric("M" + version, "m" + version, "")
                                    .replace("\"a test's\"", "com.lib.Version.get()"))
                    .withService(MetricFactory.class, "com.acme.M" + version)
                    .write(directory.resolve("acme-" + version + ".jar"));
        }
        try (Plugins plugins = Plugins.load(List.of(directory))) {
            Catalog catalog = Catalog.of(plugins);

            assertThat(catalog.entry(Kind.METRIC, "m1").factory().description()).isEqualTo("1");
            assertThat(catalog.entry(Kind.METRIC, "m2").factory().description()).isEqualTo("2");
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> plugins.loader().loadClass("com.lib.Version"))
                    .withMessageContaining("acme-1.jar and acme-2.jar");
        }
    }

    @Test
    void nameTakenTwiceNamesBothJars() throws IOException {
        metricJar("one.jar", "One", "huber", "");
        metricJar("two.jar", "Two", "huber", "");

        try (Plugins plugins = Plugins.load(List.of(directory))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Catalog.of(plugins))
                    .withMessageContaining("\"huber\"")
                    .withMessageContaining("one.jar")
                    .withMessageContaining("two.jar");
        }
    }

    @Test
    void brokenComponentsAreReportedAndOthersCount() throws IOException {
        SourceJar.of(
                        metric("Good", "good", ""),
                        metric("Throwing", "throwing", "public Throwing() { int i = 1 / 0; }"),
                        metric(
                                "Static",
                                "static",
                                "static final int I = 1 / (Good.class.getName().length() - 13);"),
                        metric("Badly", "Badly Named", ""),
                        "package com.acme; public final class Plain { }")
                .withService(
                        MetricFactory.class,
                        "com.acme.Missing",
                        "com.acme.Throwing",
                        "com.acme.Static",
                        "com.acme.Badly",
                        "com.acme.Plain",
                        "com.acme.Good")
                .write(directory.resolve("acme.jar"));

        try (Plugins plugins = Plugins.load(List.of(directory))) {
            Catalog catalog = Catalog.of(plugins);

            assertThat(catalog.names(Kind.METRIC)).contains("good");
            assertThat(plugins.warnings())
                    .hasSize(5)
                    .allSatisfy(warning -> assertThat(warning).contains("acme.jar"))
                    .anySatisfy(warning -> assertThat(warning).contains("com.acme.Missing"))
                    .anySatisfy(
                            warning ->
                                    assertThat(warning).contains("com.acme.Throwing", "/ by zero"))
                    .anySatisfy(
                            warning -> assertThat(warning).contains("com.acme.Static", "/ by zero"))
                    .anySatisfy(warning -> assertThat(warning).contains("Badly Named"))
                    .anySatisfy(
                            warning ->
                                    assertThat(warning).contains("com.acme.Plain not a subtype"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> catalog.named(Kind.METRIC, "throwing", Map.of()))
                    .withMessageContaining("There is no metric \"throwing\"")
                    .withMessageContaining("/ by zero");
        }
    }

    @Test
    void jarWithAnotherDjlIsReportedAndRunsOnTheSuites() throws IOException {
        SourceJar.of(
                        metric("Mine", "mine", ""),
                        "package ai.djl; public final class Device { }",
                        "package ai.djl.acme; public final class Extra { }")
                .withText(
                        "META-INF/maven/ai.djl/api/pom.properties",
                        "groupId=ai.djl\nartifactId=api\nversion=0.21.0\n")
                .withService(MetricFactory.class, "com.acme.Mine")
                .write(directory.resolve("fat.jar"));

        try (Plugins plugins = Plugins.load(List.of(directory))) {
            assertThat(plugins.warnings())
                    .singleElement()
                    .asString()
                    .startsWith("fat.jar brings ai.djl (DJL 0.21.0) of its own.");
            Named mine = Catalog.of(plugins).entry(Kind.METRIC, "mine").factory();
            ClassLoader own = mine.getClass().getClassLoader();
            assertThat(own.loadClass("ai.djl.Device")).isEqualTo(ai.djl.Device.class);
            assertThat(own.loadClass("ai.djl.acme.Extra").getClassLoader()).isEqualTo(own);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsNoPluginIsRefusedByName() throws IOException {
        Path text = Files.writeString(directory.resolve("text.jar"), "no jar");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plugins.load(List.of(text)))
                .withMessageContaining("text.jar is no jar");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Plugins.load(List.of(directory.resolve("none.jar"))))
                .withMessageContaining("none.jar");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plugins.load(List.of(empty)))
                .withMessageContaining("has no jar");
        Path linked =
                SourceJar.of()
                        .withText(
                                "META-INF/MANIFEST.MF",
                                "Manifest-Version: 1.0\nClass-Path: other.jar\n")
                        .write(directory.resolve("linked.jar"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plugins.load(List.of(linked)))
                .withMessageContaining("linked.jar")
                .withMessageContaining("Class-Path");
    }

    @Test
    void anotherProcessTakesOnlyTheSameJar() throws IOException {
        Path jar = metricJar("acme.jar", "Huber", "huber", "");
        List<Plugins.Jar> given;
        try (Plugins plugins = Plugins.load(List.of(jar))) {
            given = plugins.jars();
        }
        Plugins.same(given).close();
        assertThat(Plugins.Jar.parse(given.get(0).toString())).isEqualTo(given.get(0));

        metricJar("acme.jar", "Huber", "huber", "int changed;");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plugins.same(given))
                .withMessageContaining("acme.jar is not that of the study")
                .withMessageContaining(given.get(0).digest());
        Files.delete(jar);
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Plugins.same(given))
                .withMessageContaining("acme.jar");
    }

    @Test
    void callThatHangsIsReportedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Guarded.call(
                                        "acme.jar",
                                        () -> {
                                            Thread.sleep(60_000);
                                            return null;
                                        },
                                        1))
                .withMessageContaining("acme.jar does not return within 1 s")
                .withMessageContaining("PluginsTest");
    }
}
