// SPDX-License-Identifier: Apache-2.0
import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;

import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.ConnectionAwareTracker;
import io.github.caadam.optimizer.EpsilonPlacement;
import io.github.caadam.optimizer.Nadam;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.ResidualBlock;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Trains with one build of caadam-core and compares what it left with what another build left.
 * {@code jars.sh} compiles and runs it against both.
 *
 * <pre>
 * JarComparison train OUT.bin [PATTERN]   every cell, or those whose name the pattern finds
 * JarComparison compare OLD.bin NEW.bin   exits with 1 unless all cells are equal to the bit
 * </pre>
 *
 * <p>A cell is an optimizer's setting, a network and an execution: the eager trainer, the fused
 * trainer or the compiled epoch. It trains 20 epochs of 5 steps, the last step on fewer rows, from
 * the same weights on the same data, and keeps all parameters, running statistics included, and all
 * that the optimizer saves but its description: moments and step counts.
 *
 * <p>It uses only public methods, which both builds must have.
 */
public final class JarComparison {

    private static final int EPOCHS = 20;
    private static final int BATCH = 32;

    /** Four full batches and one of 12 rows. */
    private static final int ROWS = 140;

    private JarComparison() {}

    /** Runs the mode that the arguments name. */
    public static void main(String[] arguments) throws IOException {
        switch (arguments[0]) {
            case "train" ->
                    train(
                            Path.of(arguments[1]),
                            Pattern.compile(arguments.length > 2 ? arguments[2] : ""));
            case "compare" -> compare(Path.of(arguments[1]), Path.of(arguments[2]));
            default -> throw new IllegalArgumentException("train or compare: " + arguments[0]);
        }
    }

    // Settings: those of OptimizerCase among the core's tests.

    private static Map<String, Function<Block, StatefulOptimizer>> optimizers() {
        Map<String, Function<Block, StatefulOptimizer>> all = new LinkedHashMap<>();
        all.put("ADAM", block -> adam(block).build());
        all.put(
                "ADAM_BIAS_CORRECTED",
                block ->
                        adam(block)
                                .optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED)
                                .optEpsilon(1e-3f)
                                .build());
        all.put("ADAM_LARGE_EPSILON", block -> adam(block).optEpsilon(1e-3f).build());
        all.put(
                "ADAM_FALLING_RATE",
                block ->
                        adam(block)
                                .optLearningRateTracker((Tracker) step -> 0.01f / (1 + step / 50))
                                .build());
        all.put("ADAM_L2", block -> adam(block).optWeightDecays(0.01f).build());
        all.put(
                "ADAM_RATE_PER_PARAMETER",
                block ->
                        adam(block)
                                .optLearningRateTracker(
                                        ConnectionAwareTracker.builder()
                                                .setBlock(block)
                                                .setScaling(ScalingStrategy.additive())
                                                .optTracker(Tracker.fixed(0.002f))
                                                .build())
                                .build());
        all.put(
                "ADAMW",
                block -> adam(block).optDecoupledWeightDecay(0.01f).optDecayExclusions().build());
        all.put("CAADAM_ADDITIVE", block -> additive(block).build());
        all.put(
                "CAADAM_REFERENCE",
                block ->
                        adam(block)
                                .setScaling(ScalingStrategy.multiplicative(5))
                                .optConvention(StructureConvention.REFERENCE)
                                .build());
        all.put(
                "CAADAM_DECOUPLED",
                block -> additive(block).optDecoupledWeightDecay(0.01f).build());
        all.put(
                "CAADAM_FROZEN_BY_FACTOR",
                block ->
                        additive(block)
                                .optFactorOverride("^03", 0)
                                .optDecoupledWeightDecay(0.01f)
                                .build());
        all.put(
                "CAADAM_AMSGRAD",
                block ->
                        additive(block)
                                .optAmsgrad(true)
                                .optDecoupledWeightDecay(0.01f)
                                .optDecayExclusions("^03")
                                .build());
        all.put(
                "CAADAM_AMSGRAD_BIAS_CORRECTED",
                block ->
                        additive(block)
                                .optAmsgrad(true)
                                .optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED)
                                .optEpsilon(1e-3f)
                                .optWeightDecays(0.01f)
                                .build());
        all.put(
                "CLIPPED_BY_VALUE",
                block -> additive(block).optClipGrad(0.01f).setRescaleGrad(0.5f).build());
        all.put(
                "CLIPPED_BY_NORM",
                block -> additive(block).optClipNorm(0.05f).optWeightDecays(0.01f).build());
        all.put("ADAMAX", block -> adamax(block).build());
        all.put(
                "ADAMAX_DECOUPLED",
                block -> adamax(block).optDecoupledWeightDecay(0.01f).optClipNorm(0.05f).build());
        all.put("ADAMAX_L2", block -> adamax(block).optWeightDecays(0.01f).build());
        all.put("NADAM", block -> nadam(block).build());
        all.put(
                "NADAM_DECOUPLED",
                block -> nadam(block).optDecoupledWeightDecay(0.01f).optClipGrad(0.01f).build());
        all.put("NADAM_L2", block -> nadam(block).optWeightDecays(0.01f).build());
        return all;
    }

    private static CaAdam.Builder adam(Block block) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.none())
                .optLearningRateTracker(Tracker.fixed(0.002f));
    }

    private static CaAdam.Builder additive(Block block) {
        return adam(block).setScaling(ScalingStrategy.additive());
    }

    private static Adamax.Builder adamax(Block block) {
        return Adamax.builder().optBlock(block).optLearningRateTracker(Tracker.fixed(0.002f));
    }

    private static Nadam.Builder nadam(Block block) {
        return Nadam.builder().optBlock(block).optLearningRateTracker(Tracker.fixed(0.002f));
    }

    // Networks.

    /**
     * A network and what it is trained on.
     *
     * @param block makes the network; each has parameters under "03", which some settings name
     * @param loss makes the loss
     * @param sample the shape of a row
     * @param classes the number of classes; 0 for a regression
     * @param outputs the numbers that the network gives for a row
     */
    private record Task(
            Supplier<Block> block, Supplier<Loss> loss, Shape sample, int classes, int outputs) {}

    private static Map<String, Task> tasks() {
        Map<String, Task> all = new LinkedHashMap<>();
        all.put("mlp-6-16-8-2", regression(() -> mlp(16, 8, 2), 6, 2));
        all.put("frozen-first-layer", regression(JarComparison::frozenChain, 6, 2));
        all.put(
                "conv-norm-residual",
                new Task(
                        JarComparison::residualClassifier,
                        Loss::softmaxCrossEntropyLoss,
                        new Shape(3, 8, 8),
                        4,
                        4));
        all.put("mlp-8-64-32-1", regression(() -> mlp(64, 32, 1), 8, 1));
        return all;
    }

    private static Task regression(Supplier<Block> block, int inputs, int outputs) {
        return new Task(block, MeanSquaredError::new, new Shape(inputs), 0, outputs);
    }

    private static SequentialBlock mlp(int... units) {
        SequentialBlock block = new SequentialBlock();
        for (int i = 0; i < units.length; i++) {
            if (i > 0) {
                block.add(Activation.reluBlock());
            }
            block.add(Linear.builder().setUnits(units[i]).build());
        }
        return block;
    }

    private static Block frozenChain() {
        Block block = mlp(12, 10, 6, 2);
        block.getChildren().valueAt(0).freezeParameters(true);
        return block;
    }

    private static Block residualClassifier() {
        return new SequentialBlock()
                .add(convolution(8))
                .add(BatchNorm.builder().build())
                .add(
                        new ResidualBlock(
                                new SequentialBlock()
                                        .add(convolution(8))
                                        .add(BatchNorm.builder().build()),
                                Blocks.identityBlock()))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(4).build());
    }

    private static Conv2d convolution(int filters) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(3, 3))
                .optPadding(new Shape(1, 1))
                .build();
    }

    // Training.

    /** How steps are made. */
    private enum Execution {
        EAGER,
        FUSED,
        COMPILED
    }

    /**
     * What a cell left.
     *
     * @param note why there are no arrays or not those of the execution asked for; empty if all is
     *     well
     * @param arrays bytes, little-endian, by name; the name ends in the type
     */
    private record Outcome(String note, TreeMap<String, byte[]> arrays) {

        String digest() {
            CRC32 crc = new CRC32();
            arrays.forEach(
                    (name, bytes) -> {
                        crc.update(name.getBytes(StandardCharsets.UTF_8));
                        crc.update(bytes);
                    });
            return "%08x".formatted(crc.getValue());
        }
    }

    private static void train(Path out, Pattern pattern) throws IOException {
        try (DataOutputStream stream =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(out)))) {
            for (Map.Entry<String, Task> task : tasks().entrySet()) {
                for (Map.Entry<String, Function<Block, StatefulOptimizer>> optimizer :
                        optimizers().entrySet()) {
                    for (Execution execution : Execution.values()) {
                        String cell =
                                "%-18s %-29s %-8s"
                                        .formatted(task.getKey(), optimizer.getKey(), execution);
                        if (pattern.matcher(cell).find()) {
                            stream.writeUTF(cell);
                            write(
                                    stream,
                                    outcome(task.getValue(), optimizer.getValue(), execution));
                        }
                    }
                }
            }
            stream.writeUTF("");
        }
    }

    private static Outcome outcome(
            Task task, Function<Block, StatefulOptimizer> factory, Execution execution) {
        try (Model model = Model.newInstance("comparison", Device.cpu(), "PyTorch")) {
            Block block = task.block().get();
            model.setBlock(block);
            try (StatefulOptimizer optimizer = factory.apply(block)) {
                DefaultTrainingConfig config =
                        new DefaultTrainingConfig(task.loss().get())
                                .optOptimizer(optimizer)
                                .optDevices(new Device[] {Device.cpu()});
                try (Trainer trainer =
                        execution == Execution.FUSED
                                ? newFusedTrainer(model, config)
                                : model.newTrainer(config)) {
                    trainer.initialize(new Shape(BATCH).addAll(task.sample()));
                    setWeights(block);
                    String note = train(task, trainer, optimizer, execution);
                    TreeMap<String, byte[]> arrays = arrays(trainer.getManager(), block, optimizer);
                    return new Outcome(note + notFinite(arrays), arrays);
                }
            }
        } catch (Exception e) {
            return new Outcome("failed: " + e, new TreeMap<>());
        }
    }

    /** By its builder, or in older builds by its constructor. */
    private static Trainer newFusedTrainer(Model model, TrainingConfig config)
            throws ReflectiveOperationException {
        try {
            Object builder = FusedTrainer.class.getMethod("builder").invoke(null);
            Class<?> type = builder.getClass();
            type.getMethod("setModel", Model.class).invoke(builder, model);
            type.getMethod("setConfig", TrainingConfig.class).invoke(builder, config);
            return (Trainer) type.getMethod("build").invoke(builder);
        } catch (NoSuchMethodException e) {
            return FusedTrainer.class
                    .getConstructor(Model.class, TrainingConfig.class)
                    .newInstance(model, config);
        }
    }

    /** Returns a note where a training has diverged, after which equality says little. */
    private static String notFinite(TreeMap<String, byte[]> arrays) {
        for (Map.Entry<String, byte[]> entry : arrays.entrySet()) {
            for (double number : numbers(entry.getKey(), entry.getValue())) {
                if (!Double.isFinite(number)) {
                    return "not finite: " + entry.getKey();
                }
            }
        }
        return "";
    }

    private static void setWeights(Block block) {
        Random random = new Random(11);
        for (Parameter parameter : block.getParameters().values()) {
            switch (parameter.getType()) {
                case RUNNING_MEAN, RUNNING_VAR -> {}
                case GAMMA -> set(parameter, random, 1, 0.1);
                default -> set(parameter, random, 0, 0.3);
            }
        }
    }

    private static void set(Parameter parameter, Random random, double center, double spread) {
        float[] values = new float[Math.toIntExact(parameter.getShape().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (center + spread * random.nextGaussian());
        }
        parameter.getArray().set(values);
    }

    /** Trains; returns a note as {@link Outcome} has it. */
    private static String train(
            Task task, Trainer trainer, StatefulOptimizer optimizer, Execution execution)
            throws Exception {
        NDArray features = features(trainer.getManager(), task);
        NDArray labels = labels(trainer.getManager(), task, features);
        Block block = trainer.getModel().getBlock();
        if (execution == Execution.COMPILED) {
            try (CompiledEpoch epoch =
                    CompiledEpoch.compile(block, trainer.getLoss(), optimizer, BATCH)) {
                for (int i = 0; i < EPOCHS; i++) {
                    epoch.run(features, labels, order(i));
                }
            }
            return "";
        }
        for (int i = 0; i < EPOCHS; i++) {
            trainEpoch(trainer, features, labels, order(i));
        }
        return trainer instanceof FusedTrainer fused
                ? fused.fallbackReason().map(reason -> "fell back: " + reason).orElse("")
                : "";
    }

    private static void trainEpoch(Trainer trainer, NDArray features, NDArray labels, int[] order) {
        for (int from = 0; from < order.length; from += BATCH) {
            int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + BATCH));
            try (NDManager manager = trainer.getManager().newSubManager()) {
                NDArray index = manager.create(rows);
                NDList x = new NDList(features.get(index));
                NDList y = new NDList(labels.get(index));
                x.attach(manager);
                y.attach(manager);
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    collector.backward(trainer.getLoss().evaluate(y, trainer.forward(x)));
                }
                trainer.step();
            }
        }
    }

    private static NDArray features(NDManager manager, Task task) {
        Random random = new Random(5);
        float[] values = new float[Math.toIntExact(ROWS * task.sample().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, new Shape(ROWS).addAll(task.sample()));
    }

    /** Sines of the features, or which quarter of a row's features has the largest sum. */
    private static NDArray labels(NDManager manager, Task task, NDArray features) {
        float[] x = features.toFloatArray();
        int width = x.length / ROWS;
        if (task.classes() == 0) {
            float[] y = new float[ROWS * task.outputs()];
            for (int i = 0; i < x.length; i++) {
                int column = i % width;
                y[i / width * task.outputs() + column % task.outputs()] +=
                        (float) StrictMath.sin((column + 1) * x[i]);
            }
            return manager.create(y, new Shape(ROWS, task.outputs()));
        }
        int[] y = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            double[] sums = new double[task.classes()];
            for (int j = 0; j < width; j++) {
                sums[j * task.classes() / width] += x[row * width + j];
            }
            for (int k = 1; k < sums.length; k++) {
                y[row] = sums[k] > sums[y[row]] ? k : y[row];
            }
        }
        return manager.create(y, new Shape(ROWS));
    }

    private static int[] order(int epoch) {
        Random random = new Random(100 + epoch);
        int[] order = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** Returns the parameters and what the optimizer saves, but for its description. */
    private static TreeMap<String, byte[]> arrays(
            NDManager parent, Block block, StatefulOptimizer optimizer) throws IOException {
        TreeMap<String, byte[]> arrays = new TreeMap<>();
        for (Pair<String, Parameter> pair : block.getParameters()) {
            add(arrays, "weights/" + pair.getKey(), pair.getValue().getArray());
        }
        Path file = Files.createTempFile("comparison", ".npz");
        try (NDManager manager = parent.newSubManager()) {
            optimizer.save(file);
            try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
                for (NDArray array : NDList.decode(manager, stream)) {
                    if (array.getName().contains("/")) {
                        add(arrays, "states/" + array.getName(), array);
                    }
                }
            }
        } finally {
            Files.delete(file);
        }
        return arrays;
    }

    private static void add(TreeMap<String, byte[]> arrays, String name, NDArray array) {
        ByteBuffer buffer = array.toByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        arrays.put(name + " " + array.getDataType() + array.getShape(), bytes);
    }

    // Comparing.

    private static void compare(Path oldFile, Path newFile) throws IOException {
        Map<String, Outcome> left = read(oldFile);
        Map<String, Outcome> right = read(newFile);
        int different = 0;
        TreeSet<String> cells = new TreeSet<>(left.keySet());
        cells.addAll(right.keySet());
        for (String cell : cells) {
            String verdict = verdict(left.get(cell), right.get(cell));
            different += verdict.equals("equal") ? 0 : 1;
            System.out.printf(
                    "%s %s %s %s%n",
                    cell, digest(left.get(cell)), digest(right.get(cell)), verdict);
        }
        System.out.printf(
                "%d cells, %d equal, %d not%n", cells.size(), cells.size() - different, different);
        System.exit(different == 0 && !cells.isEmpty() ? 0 : 1);
    }

    private static String digest(Outcome outcome) {
        return outcome == null ? "--------" : outcome.digest();
    }

    private static String verdict(Outcome left, Outcome right) {
        if (left == null || right == null) {
            return "only in " + (left == null ? "new" : "old");
        }
        List<String> faults = new ArrayList<>();
        if (!left.note().isEmpty() || !right.note().isEmpty()) {
            faults.add("old: '" + left.note() + "', new: '" + right.note() + "'");
        }
        TreeSet<String> names = new TreeSet<>(left.arrays().keySet());
        names.addAll(right.arrays().keySet());
        double largest = 0;
        String where = null;
        for (String name : names) {
            byte[] a = left.arrays().get(name);
            byte[] b = right.arrays().get(name);
            if (a == null || b == null) {
                faults.add(name + " only in " + (a == null ? "new" : "old"));
            } else if (!Arrays.equals(a, b)) {
                double difference = largestDifference(name, a, b);
                if (where == null || !(difference <= largest)) {
                    largest = difference;
                    where = name;
                }
            }
        }
        if (where != null) {
            faults.add("largest difference %.3g, of %s".formatted(largest, where));
        }
        return faults.isEmpty() ? "equal" : String.join("; ", faults);
    }

    /** Returns the largest difference between numbers; NaN if one is not a number. */
    private static double largestDifference(String name, byte[] a, byte[] b) {
        double[] left = numbers(name, a);
        double[] right = numbers(name, b);
        double largest = 0;
        for (int i = 0; i < left.length; i++) {
            largest = Math.max(largest, Math.abs(left[i] - right[i]));
        }
        return largest;
    }

    private static double[] numbers(String name, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        String type = name.substring(name.indexOf(' ') + 1, name.indexOf('('));
        DataType dataType = DataType.valueOf(type.toUpperCase(Locale.ROOT));
        double[] numbers = new double[bytes.length / dataType.getNumOfBytes()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] =
                    switch (dataType) {
                        case FLOAT32 -> buffer.getFloat();
                        case FLOAT64 -> buffer.getDouble();
                        case INT32 -> buffer.getInt();
                        case INT64 -> buffer.getLong();
                        default -> buffer.get();
                    };
        }
        return numbers;
    }

    private static void write(DataOutputStream stream, Outcome outcome) throws IOException {
        stream.writeUTF(outcome.note());
        stream.writeInt(outcome.arrays().size());
        for (Map.Entry<String, byte[]> entry : outcome.arrays().entrySet()) {
            stream.writeUTF(entry.getKey());
            stream.writeInt(entry.getValue().length);
            stream.write(entry.getValue());
        }
    }

    private static Map<String, Outcome> read(Path file) throws IOException {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        try (DataInputStream stream =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (String cell = stream.readUTF(); !cell.isEmpty(); cell = stream.readUTF()) {
                String note = stream.readUTF();
                TreeMap<String, byte[]> arrays = new TreeMap<>();
                int count = stream.readInt();
                for (int i = 0; i < count; i++) {
                    String name = stream.readUTF();
                    arrays.put(name, stream.readNBytes(stream.readInt()));
                }
                outcomes.put(cell, new Outcome(note, arrays));
            }
        }
        return outcomes;
    }
}
