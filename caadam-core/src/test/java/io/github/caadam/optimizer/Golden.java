// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.JsonUtils;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.caadam.Networks;
import io.github.caadam.spi.Accelerator;
import io.github.caadam.spi.FusedStep;
import io.github.caadam.spi.NotAcceleratedException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Reads what the scripts in scripts/golden wrote, and replays its gradients. */
final class Golden {

    private static final JsonObject GRADIENTS = read("optimizer-gradients");

    /** The steps after which weights were stored. */
    static final int[] STEPS = ints(GRADIENTS.get("steps"));

    private static final float[] LEARNING_RATES = floats(GRADIENTS.get("learningRates"));

    /** The learning rate of every step, which changes once. */
    static final Tracker LEARNING_RATE = step -> LEARNING_RATES[step - 1];

    private Golden() {}

    /** How far Adam can have carried a weight after a step: the sum of the learning rates. */
    static double path(int step) {
        double path = 0;
        for (int i = 0; i < step; i++) {
            path += LEARNING_RATES[i];
        }
        return path;
    }

    /** Reads a file of the test resources. */
    static JsonObject read(String name) {
        try (Reader reader =
                new InputStreamReader(
                        Golden.class.getResourceAsStream("/golden/" + name + ".json"),
                        StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static float[] floats(JsonElement array) {
        return JsonUtils.GSON.fromJson(array, float[].class);
    }

    static double[] doubles(JsonElement array) {
        return JsonUtils.GSON.fromJson(array, double[].class);
    }

    static int[] ints(JsonElement array) {
        return JsonUtils.GSON.fromJson(array, int[].class);
    }

    /** Joins an array of arrays to one. */
    static double[] joined(JsonElement arrays) {
        List<Double> values = new ArrayList<>();
        for (JsonElement array : arrays.getAsJsonArray()) {
            array.getAsJsonArray().forEach(value -> values.add(value.getAsDouble()));
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The steps that a case stored, by precision, all parameters joined. */
    static List<double[]> stored(JsonObject recorded, String precision) {
        return StreamSupport.stream(recorded.getAsJsonArray(precision).spliterator(), false)
                .map(Golden::joined)
                .toList();
    }

    /** The initial weights of a problem, all parameters joined. */
    static double[] initialWeights(String problem) {
        return joined(problem(problem).get("initial"));
    }

    /** Builds the block of a problem, with its initial weights in single precision. */
    static Block block(NDManager manager, String name) {
        return block(manager, name, DataType.FLOAT32);
    }

    private static Block block(NDManager manager, String name, DataType type) {
        JsonObject problem = problem(name);
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (int i = 0; i < problem.getAsJsonArray("names").size(); i++) {
            shapes.put(
                    problem.getAsJsonArray("names").get(i).getAsString(),
                    new Shape(
                            JsonUtils.GSON.fromJson(
                                    problem.getAsJsonArray("shapes").get(i), long[].class)));
        }
        Block block = name.equals("mlp") ? Networks.mlp(6, 5, 1) : new ParameterBlock(shapes);
        block.initialize(manager, type, new Shape(1, 8));
        setWeights(block, problem.getAsJsonArray("initial"));
        return block;
    }

    static void setWeights(Block block, JsonArray values) {
        List<Parameter> parameters = block.getParameters().values();
        for (int i = 0; i < parameters.size(); i++) {
            NDArray weight = parameters.get(i).getArray();
            try (NDArray array =
                    weight.getManager().create(floats(values.get(i)), weight.getShape())) {
                array.toType(weight.getDataType(), false).copyTo(weight);
            }
        }
    }

    /**
     * Gives the gradients of a problem to an optimizer, one step after the other.
     *
     * @return for each of {@link #STEPS} the weights after it, all parameters joined
     */
    static List<double[]> replay(String problem, Function<Block, ? extends Optimizer> builder) {
        return replay(problem, false, builder, Golden::weights);
    }

    /** The same by fused steps, from gradients that the engine accumulated. */
    static List<double[]> replayFused(
            String problem, Function<Block, ? extends Optimizer> builder) {
        return replay(problem, true, builder, Golden::weights);
    }

    /** Gives the gradients in one of both ways, and reads what the optimizer has come to. */
    static List<double[]> replay(
            String problem,
            boolean fused,
            Function<Block, ? extends Optimizer> builder,
            BiFunction<Block, Optimizer, double[]> reader) {
        return replay(problem, DataType.FLOAT32, fused, builder, reader);
    }

    /** The same with weights of a type. */
    static List<double[]> replay(
            String problem,
            DataType type,
            boolean fused,
            Function<Block, ? extends Optimizer> builder,
            BiFunction<Block, Optimizer, double[]> reader) {
        if (!fused) {
            return replay(problem, type, builder, Golden::stepOneByOne, reader);
        }
        try (FusedReplay steps = new FusedReplay()) {
            return replay(problem, type, builder, steps::step, reader);
        }
    }

    /** Makes a step. */
    private interface Stepper {
        void step(Optimizer optimizer, List<Parameter> parameters, List<NDArray> gradients);
    }

    private static List<double[]> replay(
            String problem,
            DataType type,
            Function<Block, ? extends Optimizer> builder,
            Stepper stepper,
            BiFunction<Block, Optimizer, double[]> reader) {
        JsonArray gradients = problem(problem).getAsJsonArray("gradients");
        List<double[]> stored = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = block(manager, problem, type);
            List<Parameter> parameters = block.getParameters().values();
            Optimizer optimizer = builder.apply(block);
            for (int step = 1; step <= gradients.size(); step++) {
                try (NDManager scratch = manager.newSubManager()) {
                    stepper.step(
                            optimizer,
                            parameters,
                            arrays(scratch, parameters, gradients.get(step - 1).getAsJsonArray()));
                }
                if (stored.size() < STEPS.length && STEPS[stored.size()] == step) {
                    stored.add(reader.apply(block, optimizer));
                }
            }
            close(optimizer);
        }
        return stored;
    }

    private static List<NDArray> arrays(
            NDManager manager, List<Parameter> parameters, JsonArray values) {
        return IntStream.range(0, parameters.size())
                .mapToObj(
                        i ->
                                manager.create(floats(values.get(i)), parameters.get(i).getShape())
                                        .toType(parameters.get(i).getArray().getDataType(), false))
                .toList();
    }

    private static void stepOneByOne(
            Optimizer optimizer, List<Parameter> parameters, List<NDArray> gradients) {
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            optimizer.update(parameter.getId(), parameter.getArray(), gradients.get(i));
        }
    }

    /** Makes fused steps, planned at the first. */
    private static final class FusedReplay implements AutoCloseable {

        private FusedStep fused;

        private void step(
                Optimizer optimizer, List<Parameter> parameters, List<NDArray> gradients) {
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray sum = parameters.get(0).getArray().mul(gradients.get(0)).sum();
                for (int i = 1; i < parameters.size(); i++) {
                    sum = sum.add(parameters.get(i).getArray().mul(gradients.get(i)).sum());
                }
                collector.backward(sum);
            }
            try {
                if (fused == null) {
                    Map<String, NDArray> weights = new LinkedHashMap<>();
                    parameters.forEach(p -> weights.put(p.getId(), p.getArray()));
                    fused =
                            Accelerator.of("PyTorch")
                                    .fuse(((StatefulOptimizer) optimizer).plan(weights));
                }
                fused.step();
            } catch (NotAcceleratedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            if (fused != null) {
                fused.close();
            }
        }
    }

    private static double[] weights(Block block, Optimizer optimizer) {
        return weights(block);
    }

    /** The weights of a block, all parameters joined. */
    static double[] weights(Block block) {
        return block.getParameters().values().stream()
                .map(parameter -> parameter.getArray().toType(DataType.FLOAT64, true))
                .flatMapToDouble(values -> Arrays.stream(values.toDoubleArray()))
                .toArray();
    }

    /** Closes an optimizer of ours; DJL's have nothing to close. */
    static void close(Optimizer optimizer) {
        if (optimizer instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static JsonObject problem(String name) {
        return GRADIENTS.getAsJsonObject("problems").getAsJsonObject(name);
    }
}
