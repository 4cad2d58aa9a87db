// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.component.Plugins;
import io.github.caadam.experiments.execution.ComponentChecks;
import io.github.caadam.experiments.execution.ComponentChecks.Finding;
import io.github.caadam.experiments.execution.ComponentChecks.Outcome;
import io.github.caadam.experiments.study.Configuration;
import io.github.caadam.experiments.study.Part;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.OptimizerFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Checks the components of a jar, or what a study uses that is not the suite's.",
            "Each is used as a study would: optimizers obey the schedule, the same seed gives the"
                    + " same result, and something is learnt. Each check is a line, with what to"
                    + " do where it failed."
        },
        footer = {
            "",
            "Examples:",
            "  caadam check acme.jar",
            "  caadam check mine.yaml --plugins acme.jar"
        })
final class CheckCommand implements Callable<Integer> {

    private static final double ANY_RATE = 0.01;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "JAR|STUDY", description = "A plug-in, or a study's YAML file.")
    private String subject;

    @Mixin private PluginOptions plugins;

    @Mixin private DataOptions data;

    @Mixin private ThreadOptions threads;

    private ComponentChecks checks;
    private boolean failed;

    @Override
    public Integer call() throws IOException {
        threads.settle();
        boolean isJar = subject.endsWith(".jar") || Files.isDirectory(Path.of(subject));
        Catalog catalog = plugins.catalogWith(isJar ? List.of(Path.of(subject)) : List.of());
        plugins.warnings().forEach(this::warn);
        checks = new ComponentChecks(catalog, this::print);
        if (isJar) {
            checkJar(catalog);
        } else {
            checkStudy(Studies.read(subject, catalog), catalog);
        }
        return failed ? Main.FAILED : 0;
    }

    /** What cannot be loaded is a fault; what is left aside is none. */
    private void warn(String warning) {
        Outcome outcome = warning.contains("cannot be loaded") ? Outcome.FAILED : Outcome.NOTE;
        print(new Finding(outcome, subject, warning));
    }

    private void checkJar(Catalog catalog) throws IOException {
        Set<String> digests = new LinkedHashSet<>();
        for (Plugins.Jar jar : plugins.jars()) {
            digests.add(jar.digest());
        }
        Set<String> listed = new LinkedHashSet<>();
        int found = 0;
        for (Kind kind : Kind.values()) {
            for (Catalog.Entry entry : catalog.entries(kind)) {
                if (digests.contains(entry.code())) {
                    found++;
                    listed.add(entry.factory().getClass().getName());
                    checks.described(kind, entry);
                    check(catalog, kind, Component.Source.NAME, entry.factory().name());
                }
            }
        }
        for (Map.Entry<String, Kind> one : catalog.pluginClasses().entrySet()) {
            if (!listed.contains(one.getKey())) {
                found++;
                check(catalog, one.getValue(), Component.Source.CLASS, one.getKey());
            }
        }
        if (found == 0) {
            print(
                    new Finding(
                            Outcome.FAILED,
                            subject,
                            "it has no component: neither a public class that extends DJL's"
                                    + " Optimizer or is a Block, nor one that is named"
                                    + " under META-INF/services"));
        }
    }

    /** Checks a component with the defaults of its options. */
    private void check(Catalog catalog, Kind kind, Component.Source source, String reference)
            throws IOException {
        Component component;
        try {
            boolean rated =
                    catalog.find(kind, source, reference).factory().options().stream()
                            .anyMatch(
                                    option -> option.name().equals(OptimizerFactory.LEARNING_RATE));
            component =
                    catalog.resolve(
                            kind,
                            source,
                            reference,
                            kind == Kind.OPTIMIZER && rated
                                    ? Map.of(OptimizerFactory.LEARNING_RATE, ANY_RATE)
                                    : Map.of());
        } catch (IllegalArgumentException e) {
            boolean required = String.valueOf(e.getMessage()).contains("is missing");
            print(
                    new Finding(
                            required ? Outcome.NOTE : Outcome.FAILED,
                            kind.word() + " " + reference,
                            required
                                    ? "is not checked. "
                                            + e.getMessage()
                                            + " Check a study that gives it"
                                    : e.getMessage()));
            return;
        }
        switch (kind) {
            case OPTIMIZER -> checks.optimizer(component);
            case MODEL -> checks.model(component, Optional.empty(), plain(catalog));
            case DATA -> checks.data(component, data.directories());
            case METRIC -> checks.metric(component);
            case SCHEDULE -> checks.schedule(component);
        }
    }

    private void checkStudy(Study study, Catalog catalog) throws IOException {
        Map<Part, DataSplit> loaded = new HashMap<>();
        boolean any = false;
        for (Part part : study.data()) {
            if (!part.component().isOfSuite()) {
                any = true;
                checks.data(part.component(), data.directories());
            }
        }
        for (Part model : study.models()) {
            if (model.component().isOfSuite()) {
                continue;
            }
            any = true;
            for (Part part : study.data()) {
                DataSplit rows = loaded.get(part);
                if (rows == null) {
                    rows =
                            part.component()
                                    .factory(DataSource.class)
                                    .load(data.directories(), part.component().options());
                    loaded.put(part, rows);
                }
                checks.model(model.component(), Optional.of(rows), plain(catalog));
            }
        }
        Set<Component> optimizers = new LinkedHashSet<>();
        for (Configuration row : study.optimizers()) {
            if (!row.component().isOfSuite()) {
                optimizers.add(row.component());
            }
        }
        for (Component optimizer : optimizers) {
            any = true;
            checks.optimizer(optimizer);
        }
        Component schedule = study.protocol().schedule();
        if (!schedule.isOfSuite()) {
            any = true;
            checks.schedule(schedule);
        }
        Set<Component> metrics = new LinkedHashSet<>();
        study.measures().named().forEach(one -> metrics.add(one.component()));
        study.protocol().monitor().ifPresent(metrics::add);
        for (Component metric : metrics) {
            if (!metric.isOfSuite()) {
                any = true;
                checks.metric(metric);
            }
        }
        if (!any) {
            print(new Finding(Outcome.OK, study.name(), "all that it uses is the suite's own"));
        }
    }

    /** What networks are trained by. */
    private static Component plain(Catalog catalog) {
        return catalog.named(
                Kind.OPTIMIZER, "sgd", Map.of(OptimizerFactory.LEARNING_RATE, ANY_RATE));
    }

    private void print(Finding finding) {
        PrintWriter output = spec.commandLine().getOut();
        output.println(finding);
        output.flush();
        failed |= finding.outcome() == Outcome.FAILED;
    }
}
