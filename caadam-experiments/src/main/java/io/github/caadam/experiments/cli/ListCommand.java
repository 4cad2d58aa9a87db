// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.experiments.dataset.ExperimentDataset;
import io.github.caadam.experiments.model.Mlp;
import io.github.caadam.experiments.model.NamedModel;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.experiments.training.Scaling;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code caadam list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists studies, data sets, models, optimizers, strategies and protocols.",
        footer = {"", "Example:", "  caadam list"})
final class ListCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Studies");
        for (String name : StudyReader.builtIn()) {
            Study study = StudyReader.read(name);
            out.printf(
                    "  %-22s %s (%d runs%s)%n",
                    name, study.description(), study.runSpecs().size(), tuningRuns(study));
        }
        out.println("Data sets");
        for (ExperimentDataset dataset : DatasetRegistry.all()) {
            out.printf("  %-22s %s%n", dataset.name(), dataset.description());
        }
        out.println("Models");
        out.println("  mlp:UNITS-UNITS-…      any multilayer perceptron with ReLU; the paper's:");
        Mlp.PAPER.forEach(model -> out.println("  " + model));
        out.println("  by name, with the samples and outputs that they were made for:");
        for (NamedModel model : NamedModel.ALL) {
            out.printf(
                    "  %-22s %s, %d%n", model.name(), model.defaultInput(), model.defaultOutputs());
        }
        out.println("  FILE.pt                a TorchScript file (inspect only)");
        out.println("Optimizers");
        OptimizerSpec.NAMES.forEach(name -> out.println("  " + name));
        out.println("Scaling strategies");
        Scaling.names().forEach(name -> out.println("  " + name));
        out.println("What can be done to factors");
        FactorControl.FORMS.forEach(form -> out.println("  " + form));
        out.println("Protocols");
        Protocol.names().forEach(name -> out.println("  " + name));
        out.flush();
        return 0;
    }

    private static String tuningRuns(Study study) {
        return study.tuningStudy()
                .map(tuning -> " and " + tuning.runSpecs().size() + " to tune")
                .orElse("");
    }
}
