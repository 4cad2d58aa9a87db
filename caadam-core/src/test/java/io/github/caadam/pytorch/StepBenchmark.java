// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.UpdatePlan;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.training.MeanSquaredError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Measures {@code Trainer.step()} in real trainings that take turns step by step, after so many
 * steps that there may be dead units; a given share of units can be made to die half way through
 * the warm-up. Prints medians in microseconds, and the ratio of DJL's Adam to each. Run it with one
 * thread:
 *
 * <pre>
 * mvn -pl caadam-core -am test-compile
 * java -Dai.djl.pytorch.num_threads=1 -Dai.djl.pytorch.num_interop_threads=1 -cp ...
 *     io.github.caadam.pytorch.StepBenchmark cal_housing.data [warm-up] [measured] [dead]
 * </pre>
 */
final class StepBenchmark {

    private static final int INPUTS = 8;
    private static final int BATCH = 64;
    private static final int ROWS = 13184;

    private static final Tracker RATE = Tracker.fixed(1e-3f);

    private StepBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        float[][] rows = read(Path.of(arguments[0]));
        double dead = arguments.length > 3 ? Double.parseDouble(arguments[3]) : 0;
        int warmUp = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2500;
        int measured = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1500;
        for (int[] units : new int[][] {{64, 32, 1}, {128, 128, 64, 1}, {1024, 256, 64, 16, 1}}) {
            measure(units, rows, warmUp, measured, dead);
        }
    }

    /** Reads rows of eight features and a target, in an order that does not follow the file's. */
    private static float[][] read(Path file) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        Collections.shuffle(lines, new Random(1));
        float[][] rows = new float[ROWS][INPUTS + 1];
        for (int row = 0; row < ROWS; row++) {
            String[] cells = lines.get(row).split(",", -1);
            for (int i = 0; i <= INPUTS; i++) {
                rows[row][i] = Float.parseFloat(cells[i]);
            }
        }
        return rows;
    }

    private static void measure(
            int[] units, float[][] rows, int warmUp, int measured, double dead) {
        Map<String, Training> trainings = new LinkedHashMap<>();
        trainings.put("stock", new Training(units, rows, StepBenchmark::stock, Model::newTrainer));
        trainings.put(
                "caadam, one by one",
                new Training(units, rows, StepBenchmark::paper, Model::newTrainer));
        trainings.put(
                "adam, fused", new Training(units, rows, StepBenchmark::adam, Trainers.FUSED));
        trainings.put(
                "caadam paper, fused",
                new Training(units, rows, StepBenchmark::paper, Trainers.FUSED));
        trainings.put(
                "caadam reference, fused",
                new Training(units, rows, StepBenchmark::reference, Trainers.FUSED));
        trainings.put(
                "adam, fused, not flushed",
                new Training(units, rows, StepBenchmark::adam, UnflushedTrainer::new));
        Map<String, double[]> times = new LinkedHashMap<>();
        Map<String, double[]> batches = new LinkedHashMap<>();
        for (String name : trainings.keySet()) {
            times.put(name, new double[measured]);
            batches.put(name, new double[measured]);
        }
        List<String> order = new ArrayList<>(trainings.keySet());
        Random random = new Random(1);
        for (int step = -warmUp; step < measured; step++) {
            if (step == -warmUp / 2) {
                trainings.values().forEach(training -> training.kill(dead));
            }
            // In another order each time, as a step leaves the caches to the next.
            Collections.shuffle(order, random);
            for (String name : order) {
                long begin = System.nanoTime();
                double micros = trainings.get(name).step(step + warmUp);
                if (step >= 0) {
                    times.get(name)[step] = micros;
                    batches.get(name)[step] = (System.nanoTime() - begin) / 1e3;
                }
            }
        }
        System.out.println(Arrays.toString(units));
        double stock = median(times.get("stock"));
        times.forEach(
                (name, values) ->
                        System.out.printf(
                                Locale.ROOT,
                                "  %-26s %8.1f us   lowest decile %8.1f us   stock / this %5.2f"
                                        + "   whole batch %8.1f us%n",
                                name,
                                median(values),
                                quantile(values, 0.1),
                                stock / median(values),
                                median(batches.get(name))));
        System.out.printf(
                Locale.ROOT,
                "  denormal first moments where not flushed: %.1f %%%n",
                trainings.get("adam, fused, not flushed").denormalPercentage());
        trainings.values().forEach(Training::close);
    }

    private static Optimizer stock(Block block) {
        return Optimizer.adam().optLearningRateTracker(RATE).build();
    }

    private static Optimizer adam(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.none())
                .optLearningRateTracker(RATE)
                .build();
    }

    private static Optimizer paper(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.additive())
                .optLearningRateTracker(RATE)
                .build();
    }

    private static Optimizer reference(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.additive())
                .optConvention(StructureConvention.REFERENCE)
                .optLearningRateTracker(RATE)
                .build();
    }

    private static double median(double[] values) {
        return quantile(values, 0.5);
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (share * (sorted.length - 1))];
    }

    /** A training on California Housing. */
    private static final class Training implements AutoCloseable {

        private final Model model = Model.newInstance("benchmark", Device.cpu(), "PyTorch");
        private final Trainer trainer;
        private final NDArray features;
        private final NDArray labels;

        Training(
                int[] units,
                float[][] rows,
                Function<Block, Optimizer> optimizer,
                BiFunction<Model, TrainingConfig, Trainer> trainers) {
            model.setBlock(Networks.mlp(units));
            trainer =
                    trainers.apply(
                            model,
                            new DefaultTrainingConfig(new MeanSquaredError())
                                    .optDevices(new Device[] {Device.cpu()})
                                    .optOptimizer(optimizer.apply(model.getBlock())));
            trainer.initialize(new Shape(BATCH, INPUTS));
            NDManager manager = trainer.getManager();
            NDArray all = standardized(manager.create(rows));
            features = all.get(":, :" + INPUTS);
            labels = all.get(":, " + INPUTS + ":");
        }

        /** Lets a share of the units of each hidden layer die. */
        void kill(double share) {
            for (Parameter parameter : model.getBlock().getParameters().values()) {
                long units = parameter.getShape().get(0);
                if (parameter.getType() == Parameter.Type.BIAS && units > 1) {
                    NDArray bias = parameter.getArray();
                    float[] values = bias.toFloatArray();
                    Arrays.fill(values, 0, (int) (share * units), -1e6f);
                    bias.set(values);
                }
            }
        }

        private static NDArray standardized(NDArray rows) {
            NDArray centred = rows.sub(rows.mean(new int[] {0}));
            return centred.div(centred.square().mean(new int[] {0}).sqrt());
        }

        /** Makes a step, and returns how long {@code Trainer.step()} took, in microseconds. */
        double step(int number) {
            long from = (long) number * BATCH % ROWS;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                String batch = from + ":" + (from + BATCH);
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    NDList predictions = trainer.forward(new NDList(features.get(batch)));
                    collector.backward(
                            trainer.getLoss().evaluate(new NDList(labels.get(batch)), predictions));
                }
            }
            long begin = System.nanoTime();
            trainer.step();
            return (System.nanoTime() - begin) / 1e3;
        }

        double denormalPercentage() {
            return ((UnflushedTrainer) trainer).denormalPercentage();
        }

        @Override
        public void close() {
            trainer.close();
            model.close();
        }
    }

    /** Makes fused steps and lets moments become denormal. */
    private static final class UnflushedTrainer extends Trainer {

        private final CaAdam optimizer;
        private UpdatePlan plan;
        private PtFusedStep step;

        UnflushedTrainer(Model model, TrainingConfig config) {
            super(model, config);
            optimizer = (CaAdam) config.getOptimizer();
        }

        @Override
        public void step() {
            if (step == null) {
                Map<String, NDArray> weights = new LinkedHashMap<>();
                List<Parameter> parameters =
                        new ArrayList<>(getModel().getBlock().getParameters().values());
                parameters.forEach(p -> weights.put(p.getId(), p.getArray()));
                try {
                    plan = optimizer.plan(weights);
                    step = PtFusedStep.of(plan, false);
                } catch (NotAcceleratedException e) {
                    throw new IllegalStateException(e);
                }
            }
            try {
                step.step();
            } catch (NotAcceleratedException e) {
                throw new IllegalStateException(e);
            }
        }

        double denormalPercentage() {
            long denormal = 0;
            long all = 0;
            for (UpdatePlan.Entry entry : plan.entries()) {
                for (float moment : entry.slots().arrays().get(0).toFloatArray()) {
                    all++;
                    if (moment != 0 && Math.abs(moment) < Float.MIN_NORMAL) {
                        denormal++;
                    }
                }
            }
            return 100.0 * denormal / all;
        }
    }
}
