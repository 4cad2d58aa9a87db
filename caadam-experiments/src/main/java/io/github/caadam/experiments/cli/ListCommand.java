// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caadam list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists studies, and what they can name: data, models, optimizers, metrics, schedules.",
        footer = {"", "Example:", "  caadam list"})
final class ListCommand implements Callable<Integer> {

    private static final Map<Kind, String> TITLES =
            Map.of(
                    Kind.DATA, "Data",
                    Kind.MODEL, "Models",
                    Kind.OPTIMIZER, "Optimizers",
                    Kind.METRIC, "Metrics",
                    Kind.SCHEDULE, "Learning-rate schedules");

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Catalog catalog = Catalog.ofSuite();
        out.println("Studies");
        for (String name : StudyReader.builtIn()) {
            Study study = StudyReader.read(name, catalog);
            out.printf(
                    "  %-22s %s (%d runs%s)%n",
                    name, study.description(), study.runSpecs().size(), tuningRuns(study));
        }
        for (Kind kind : Kind.values()) {
            out.println(TITLES.get(kind));
            catalog.entries(kind)
                    .forEach(
                            entry ->
                                    out.printf(
                                            "  %-22s %s%n",
                                            entry.factory().name(),
                                            entry.factory().description()));
            catalog.families(kind).forEach(family -> out.println("  " + family.usage()));
        }
        out.println("  FILE.pt                a TorchScript file, as a model");
        out.println("Scaling strategies");
        Scaling.names().forEach(name -> out.println("  " + name));
        out.println("What can be done to factors");
        FactorControl.FORMS.forEach(form -> out.println("  " + form));
        out.flush();
        return 0;
    }

    private static String tuningRuns(Study study) {
        return study.tuningStudy()
                .map(tuning -> " and " + tuning.runSpecs().size() + " to tune")
                .orElse("");
    }
}
