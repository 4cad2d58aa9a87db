// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.component.NameFamily;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code caadam list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists studies and what studies can name; of a name, the options.",
        footer = {
            "",
            "Examples:",
            "  caadam list",
            "  caadam list optimizer",
            "  caadam list schedule cosine"
        })
final class ListCommand implements Callable<Integer> {

    private static final String LINE = "  %-26s %s%n";

    @Spec private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KIND",
            completionCandidates = Kinds.class,
            description = "Only of this kind: ${COMPLETION-CANDIDATES}.")
    private String kind;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The options of this one.")
    private String name;

    @Mixin private PluginOptions plugins;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Catalog catalog = plugins.catalog(spec.commandLine().getErr());
        if (name != null) {
            describe(catalog.entry(Kind.of(kind), name), out);
        } else if (kind != null) {
            list(catalog, Kind.of(kind), out);
        } else {
            out.println("study");
            for (String built : StudyReader.builtIn()) {
                Study study = Studies.read(built, catalog);
                out.printf(
                        LINE,
                        built,
                        study.description()
                                + " ("
                                + study.runSpecs().size()
                                + " runs"
                                + tuningRuns(study)
                                + ")");
            }
            Arrays.stream(Kind.values()).forEach(one -> list(catalog, one, out));
        }
        out.flush();
        return 0;
    }

    private static String tuningRuns(Study study) {
        return study.tuningStudy()
                .map(tuning -> " and " + tuning.runSpecs().size() + " to tune")
                .orElse("");
    }

    private static void list(Catalog catalog, Kind kind, PrintWriter out) {
        out.println(kind.word());
        for (Catalog.Entry entry : catalog.entries(kind)) {
            String origin = entry.origin().isEmpty() ? "" : " (" + entry.origin() + ")";
            out.printf(LINE, entry.factory().name(), entry.factory().description() + origin);
        }
        for (NameFamily family : catalog.families(kind)) {
            out.printf(LINE, family.usage(), family.description());
        }
    }

    private static void describe(Catalog.Entry entry, PrintWriter out) {
        Named factory = entry.factory();
        out.println(factory.name() + ": " + factory.description());
        for (Option<?> option : factory.options()) {
            out.printf("  %s: %s%s%n", option.name(), option.allowed(), fallback(option));
            out.println("      " + option.description());
        }
        if (factory.options().isEmpty()) {
            out.println("  It has no options.");
        }
    }

    private static String fallback(Option<?> option) {
        if (option.isRequired()) {
            return "; it must be given";
        }
        return option.written().map(value -> "; " + value + " by default").orElse("");
    }

    /** The kinds. */
    static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Kind.values()).map(Kind::word).iterator();
        }
    }
}
