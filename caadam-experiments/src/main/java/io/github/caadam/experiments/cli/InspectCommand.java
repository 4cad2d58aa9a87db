package io.github.caadam.experiments.cli;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.model.GlorotUniform;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.training.Scaling;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code caadam inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows a network's structure and the factor of every parameter.",
        footer = {
            "",
            "Example:",
            "  caadam inspect --model mlp:64-32 --scaling multiplicative --convention reference"
        })
final class InspectCommand implements Callable<Integer> {

    enum Format {
        TEXT,
        CSV
    }

    @Spec private CommandSpec spec;

    @Option(names = "--model", required = true, description = "The network, such as mlp:64-32.")
    private String model;

    @Option(
            names = "--scaling",
            defaultValue = "none",
            description = "The scaling strategy (default: ${DEFAULT-VALUE}).")
    private String scaling;

    @Option(
            names = "--convention",
            defaultValue = "paper",
            description = "paper or reference (default: ${DEFAULT-VALUE}).")
    private StructureConvention convention;

    @Option(names = "--gamma", description = "γ (default: that of the convention).")
    private Double gamma;

    @Option(
            names = "--inputs",
            defaultValue = "8",
            description = "Input features (default: ${DEFAULT-VALUE}, California Housing's).")
    private int inputs;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text or csv (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Override
    public Integer call() throws IOException {
        if (inputs < 1) {
            throw new IllegalArgumentException("--inputs takes 1 or more, found " + inputs + ".");
        }
        Scaling named = Scaling.byName(scaling);
        ScalingStrategy strategy =
                named.strategy(gamma == null ? named.defaultGamma(convention) : gamma);
        Block block = ModelSpec.parse(model).newBlock(1, new GlorotUniform(0));
        NetworkStructure network;
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1, inputs));
            network = StructureInspector.inspect(block, convention);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.TEXT) {
            out.println("scaling " + strategy);
            out.println(network.toTable("S", p -> strategy.factor(p, network)));
        } else {
            printCsv(out, network, strategy);
        }
        out.flush();
        return 0;
    }

    @SuppressWarnings("resource") // The writer is the command line's, which outlives the printer.
    private static void printCsv(
            PrintWriter out, NetworkStructure network, ScalingStrategy strategy)
            throws IOException {
        CSVPrinter csv = CSVFormat.RFC4180.builder().setRecordSeparator('\n').get().print(out);
        csv.printRecord("parameter", "shape", "layer", "c", "d", "S");
        for (ParameterStructure parameter : network.parameters()) {
            csv.printRecord(
                    parameter.path(),
                    parameter.shape(),
                    parameter.layer(),
                    parameter.connections(),
                    parameter.depth(),
                    strategy.factor(parameter, network));
        }
    }
}
