// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.experiments.figure.FactorFigure;
import io.github.caadam.experiments.model.TorchScriptFile;
import io.github.caadam.experiments.results.CsvFile;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code caadam inspect}. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows a network's structure and the factor of every parameter.",
        footer = {
            "",
            "Examples:",
            "  caadam inspect --model mlp:64-32 --scaling multiplicative --convention reference",
            "  caadam inspect --model mlp:64-32 --scaling additive --factors reversed",
            "  caadam inspect --model mlp:64-32 --scaling relative-step --gamma 0.08",
            "  caadam inspect --model resnet20 --classes 100 --scaling additive",
            "  caadam inspect --model resnet50 --inputs 3x96x96 --format csv",
            "  caadam inspect --model path/to/network.pt",
            "  caadam inspect --model mlp:64-32 --figure figures",
            "  caadam inspect --coordinate-check --optimizer sgd@0.1,lion@0.0001 --figure figures"
        })
final class InspectCommand implements Callable<Integer> {

    enum Format {
        TEXT,
        CSV
    }

    private static final List<Scaling> PAPER_STRATEGIES =
            List.of(Scaling.ADDITIVE, Scaling.MULTIPLICATIVE, Scaling.DEPTH);

    @Spec private CommandSpec spec;

    /** The root mean squares of the weights of layers, where a strategy follows them. */
    private final Map<String, Double> sizes = new HashMap<>();

    @Option(
            names = "--model",
            description = "The network: one that caadam list names, or a TorchScript file, *.pt.")
    private String model;

    @Option(names = "--scaling", description = "The scaling strategy (default: none).")
    private String scaling;

    @Option(names = "--convention", description = "paper or reference (default: paper).")
    private StructureConvention convention;

    @Option(
            names = "--gamma",
            description = "γ, or what number the strategy has (default: that of the convention).")
    private Double gamma;

    @Option(
            names = "--factors",
            description =
                    "What is done to the factors: averaged, shuffled:SEED, reversed, weights-only"
                            + " or vectors-only (default: nothing).")
    private String factors;

    @Option(
            names = "--seed",
            defaultValue = "0",
            description =
                    "Of log-normal scaling, the run whose factors are drawn, of relative steps that"
                            + " whose weights are, as runs.csv numbers it"
                            + " (default: ${DEFAULT-VALUE}).")
    private int seed;

    @Option(
            names = "--inputs",
            description =
                    "The shape of a sample, such as 8 or 3x32x32 (default: what the model was made"
                            + " for; not for a TorchScript file, whose shapes are fixed).")
    private String inputs;

    @Option(
            names = "--classes",
            description = "Output units (default: what the model was made for).")
    private Integer classes;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text or csv (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = "--figure",
            paramLabel = "DIR",
            description =
                    "Also draw the factors by parameter, as PNG, SVG and CSV: of the strategy, or"
                            + " of the paper's three where none is given, and under the convention, or"
                            + " both.")
    private Path figure;

    @Option(
            names = "--coordinate-check",
            description =
                    "Instead: by how much the output of each layer changes in the first steps, for"
                            + " wider and deeper MLPs, with --optimizer.")
    private boolean coordinateCheck;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME[@RATE]",
            split = ",",
            description =
                    "For --coordinate-check: one or more that caadam list names, each with a"
                            + " learning rate or its own, such as lion,sgd@0.1.")
    private List<String> optimizers = List.of();

    @Override
    public Integer call() throws IOException {
        if (coordinateCheck) {
            return checkCoordinates();
        }
        if (model == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say which network: --model mlp:64-32, or --coordinate-check.");
        }
        StructureConvention counted = convention == null ? StructureConvention.PAPER : convention;
        Scaling named = scaling == null ? Scaling.NONE : Scaling.byName(scaling);
        ScalingStrategy strategy = strategy(named, counted);
        NetworkStructure network = readStructure(counted);
        print(network, strategy);
        if (figure != null) {
            draw();
        }
        return 0;
    }

    private int checkCoordinates() throws IOException {
        if (model != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--coordinate-check takes networks of its own; leave out --model.");
        }
        if (optimizers.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--coordinate-check needs --optimizer, such as --optimizer lion,sgd@0.1.");
        }
        Catalog catalog = Catalog.ofSuite();
        CoordinateReport report = new CoordinateReport(catalog);
        for (String named : optimizers) {
            report.add(named, optimizer(catalog, named));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(format == Format.CSV ? report.csv() : report.text());
        out.flush();
        if (figure != null) {
            PrintWriter err = spec.commandLine().getErr();
            report.draw(figure).forEach(file -> err.println("figure: " + file));
            err.flush();
        }
        return 0;
    }

    private static Component optimizer(Catalog catalog, String named) {
        int at = named.indexOf('@');
        if (at < 0) {
            return catalog.named(Kind.OPTIMIZER, named, Map.of());
        }
        try {
            double rate = Double.parseDouble(named.substring(at + 1));
            return catalog.named(
                    Kind.OPTIMIZER,
                    named.substring(0, at),
                    Map.of(OptimizerFactory.LEARNING_RATE, rate));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--optimizer takes NAME or NAME@RATE, such as sgd@0.1, found \""
                            + named
                            + "\".",
                    e);
        }
    }

    private ScalingStrategy strategy(Scaling named, StructureConvention counted) {
        ScalingStrategy strategy =
                control()
                        .applyTo(
                                named.strategy(
                                        gamma == null ? named.defaultGamma(counted) : gamma, seed));
        return strategy.isWeightAware() ? new AsDrawn(strategy, sizes) : strategy;
    }

    /** A strategy that follows weights, with the factors that it has before the first step. */
    private record AsDrawn(ScalingStrategy strategy, Map<String, Double> sizes)
            implements ScalingStrategy {

        @Override
        public double factor(ParameterStructure parameter, NetworkStructure network) {
            return strategy.weightFactor(parameter, network).of(sizes.get(parameter.layer()));
        }

        @Override
        public String toString() {
            return strategy + ", S for the weights as drawn";
        }
    }

    private boolean follows() {
        return scaling != null && Scaling.byName(scaling).isRelative();
    }

    private void measure(Block block, NetworkStructure network) {
        Map<String, double[]> sums = new HashMap<>();
        for (Parameter parameter : block.getParameters().values()) {
            network.parameter(parameter.getId())
                    .filter(one -> one.isWeight() || one.layer().equals("network"))
                    .ifPresent(one -> add(sums, one.layer(), parameter.getArray().toFloatArray()));
        }
        sums.forEach((layer, sum) -> sizes.put(layer, Math.sqrt(sum[0] / sum[1])));
    }

    private static void add(Map<String, double[]> sums, String layer, float[] values) {
        double[] sum = sums.computeIfAbsent(layer, key -> new double[2]);
        for (float value : values) {
            sum[0] += (double) value * value;
        }
        sum[1] += values.length;
    }

    private FactorControl control() {
        return factors == null ? FactorControl.NONE : FactorControl.parse(factors);
    }

    /** Says what was written on the error stream, so that CSV on the other stays CSV. */
    private void draw() throws IOException {
        if (gamma != null && scaling == null) {
            throw new IllegalArgumentException(
                    "--gamma with --figure needs --scaling, which says whose number it is.");
        }
        List<Scaling> drawn = scaling == null ? PAPER_STRATEGIES : List.of(Scaling.byName(scaling));
        List<StructureConvention> conventions =
                convention == null ? List.of(StructureConvention.values()) : List.of(convention);
        PrintWriter err = spec.commandLine().getErr();
        for (StructureConvention counted : conventions) {
            Map<String, ScalingStrategy> strategies = new LinkedHashMap<>();
            drawn.forEach(named -> strategies.put(drawnName(named), strategy(named, counted)));
            FactorFigure.write(modelName(), readStructure(counted), strategies, figure)
                    .forEach(file -> err.println("figure: " + file));
        }
        err.flush();
    }

    private String drawnName(Scaling named) {
        return (named.label() + " " + control().label()).strip();
    }

    private String modelName() {
        return TorchScriptFile.isName(model) ? TorchScriptFile.baseName(Path.of(model)) : model;
    }

    private void print(NetworkStructure network, ScalingStrategy strategy) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.TEXT) {
            out.println("scaling " + strategy);
            out.println(network.toTable("S", p -> strategy.factor(p, network)));
        } else {
            printCsv(out, network, strategy);
        }
        out.flush();
    }

    private NetworkStructure readStructure(StructureConvention counted) throws IOException {
        if (!TorchScriptFile.isName(model)) {
            return inspect(Catalog.ofSuite().named(Kind.MODEL, model, Map.of()), counted);
        }
        if (inputs != null || classes != null) {
            throw new IllegalArgumentException(
                    "The shapes of a TorchScript file are fixed; leave out --inputs and"
                            + " --classes.");
        }
        try (Model file = TorchScriptFile.load(Path.of(model))) {
            NetworkStructure network = StructureInspector.inspect(file.getBlock(), counted);
            if (follows()) {
                measure(file.getBlock(), network);
            }
            return network;
        }
    }

    private NetworkStructure inspect(Component named, StructureConvention counted)
            throws IOException {
        ModelFactory factory = named.factory(ModelFactory.class);
        DataSignature data = data(factory);
        Shape input = data.sampleShape();
        factory.refuses(data, named.options())
                .ifPresent(
                        reason -> {
                            throw new IllegalArgumentException(
                                    "The model "
                                            + model
                                            + " cannot be built for samples of shape "
                                            + input
                                            + ": "
                                            + reason
                                            + ".");
                        });
        Block block = factory.create(data, seed, named.options());
        if (!follows()) {
            // The values do not matter, and those of a large network would take their time.
            block.setInitializer(Initializer.ZEROS, parameter -> true);
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            initialize(block, manager, input);
            NetworkStructure network = StructureInspector.inspect(block, counted);
            if (follows()) {
                measure(block, network);
            }
            return network;
        }
    }

    private void initialize(Block block, NDManager manager, Shape input) {
        try {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(input));
        } catch (IllegalArgumentException | EngineException e) {
            throw new IllegalArgumentException(
                    "The model "
                            + model
                            + " cannot be built for samples of shape "
                            + input
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** What is given, and else what the network was made for. */
    private DataSignature data(ModelFactory factory) {
        Optional<DataSignature> example = factory.example();
        if (example.isEmpty() && (inputs == null || classes == null)) {
            throw new IllegalArgumentException(
                    "The model " + model + " was made for no data; give --inputs and --classes.");
        }
        if (classes != null && classes < 1) {
            throw new IllegalArgumentException("--classes takes 1 or more, found " + classes + ".");
        }
        Shape input = inputs == null ? example.orElseThrow().sampleShape() : shape(inputs);
        int outputs = classes == null ? example.orElseThrow().outputs() : classes;
        return new DataSignature(
                outputs == 1 ? Task.REGRESSION : Task.CLASSIFICATION,
                input,
                outputs,
                TargetScale.NONE);
    }

    private static Shape shape(String text) {
        if (!text.matches("[1-9][0-9]{0,8}(x[1-9][0-9]{0,8})*")) {
            throw new IllegalArgumentException(
                    "--inputs takes a shape such as 8 or 3x32x32, found \"" + text + "\".");
        }
        return new Shape(Arrays.stream(text.split("x", -1)).mapToLong(Long::parseLong).toArray());
    }

    private static void printCsv(
            PrintWriter out, NetworkStructure network, ScalingStrategy strategy) {
        List<List<Object>> rows = new ArrayList<>();
        for (ParameterStructure parameter : network.parameters()) {
            rows.add(
                    List.of(
                            parameter.path(),
                            parameter.shape(),
                            parameter.layer(),
                            parameter.connections(),
                            parameter.depth(),
                            parameter.fanIn(),
                            strategy.factor(parameter, network)));
        }
        out.print(
                CsvFile.text(
                        List.of("parameter", "shape", "layer", "c", "d", "fan-in", "S"), rows));
    }
}
