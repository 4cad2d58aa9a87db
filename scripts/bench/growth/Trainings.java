import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.MeanSquaredError;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One point of a curve of growth: a training of an MLP in a process of its own. Arguments: what
 * grows (parameters, layers, rows or groups), and its value. Prints {@code PARAMETERS STEP-MS
 * EPOCH-MS COMPILE-MS PEAK-MB}, times in processor time of the thread that trains.
 */
public final class Trainings {

    private static final int BATCH = 64;
    private static final int FEATURES = 8;
    private static final int ROWS = 640;

    private Trainings() {}

    public static void main(String[] arguments) throws Exception {
        String what = arguments[0];
        int value = Integer.parseInt(arguments[1]);
        int layers = 3;
        int width = 32;
        int rows = ROWS;
        int groups = 1;
        switch (what) {
            case "parameters" -> {
                // Two hidden matrices hold nearly all.
                width = (int) Math.max(8, Math.round(Math.sqrt(value / 2.0)));
            }
            case "layers" -> layers = value;
            case "rows" -> rows = value;
            case "groups" -> {
                layers = 200;
                groups = value;
            }
            default -> throw new IllegalArgumentException("There is no " + what + ".");
        }
        try (Model model = Model.newInstance("growth", Device.cpu(), "PyTorch")) {
            measure(model, layers, width, rows, groups);
        }
    }

    private static void measure(Model model, int layers, int width, int rows, int groups)
            throws Exception {
        SequentialBlock block = new SequentialBlock();
        for (int i = 0; i < layers; i++) {
            block.add(Linear.builder().setUnits(width).build());
            block.add(Activation.reluBlock());
        }
        block.add(Linear.builder().setUnits(1).build());
        model.setBlock(block);
        CaAdam.Builder builder =
                CaAdam.builder().setBlock(block).setScaling(ScalingStrategy.none());
        for (int i = 1; i < groups; i++) {
            // Each layer is two children, of which the first has the parameters.
            String path = String.format(Locale.ROOT, "^%02dLinear", 2 * i + 1);
            builder.optFactorOverride(path, 1 + 0.001 * i);
        }
        CaAdam optimizer = builder.build();
        Trainer trainer =
                FusedTrainer.builder()
                        .setModel(model)
                        .setConfig(
                                new DefaultTrainingConfig(new MeanSquaredError())
                                        .optOptimizer(optimizer)
                                        .optDevices(new Device[] {Device.cpu()}))
                        .build();
        trainer.initialize(new Shape(BATCH, FEATURES));
        NDManager manager = trainer.getManager();
        NDArray features = manager.randomUniform(-1, 1, new Shape(rows, FEATURES));
        NDArray labels = manager.randomUniform(-1, 1, new Shape(rows, 1));
        try (GradientCollector collector = trainer.newGradientCollector();
                NDManager step = manager.newSubManager()) {
            NDArray some = features.get("0:" + BATCH);
            some.attach(step);
            NDArray their = labels.get("0:" + BATCH);
            their.attach(step);
            collector.backward(
                    trainer.getLoss()
                            .evaluate(new NDList(their), trainer.forward(new NDList(some))));
        }
        trainer.step();
        long parameters =
                block.getParameters().values().stream().mapToLong(p -> p.getShape().size()).sum();
        double step = median(parameters > 5_000_000 ? 5 : 200, trainer::step);
        double[] compiling = new double[1];
        CompiledEpoch[] epoch = new CompiledEpoch[1];
        int[] order = IntStream.range(0, rows).toArray();
        compiling[0] =
                cost(
                        () -> {
                            try {
                                epoch[0] =
                                        CompiledEpoch.compile(
                                                block, trainer.getLoss(), optimizer, BATCH);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                            epoch[0].run(features, labels, order);
                        });
        double whole =
                median(
                        parameters > 5_000_000 || rows > 50_000 ? 1 : 15,
                        () -> epoch[0].run(features, labels, order));
        System.out.printf(
                Locale.ROOT,
                "%d %.4f %.3f %.1f %d%n",
                parameters,
                step,
                whole,
                compiling[0],
                peak());
        epoch[0].close();
        trainer.close();
        optimizer.close();
    }

    private static double median(int count, Runnable work) {
        work.run();
        double[] times = new double[count];
        for (int i = 0; i < count; i++) {
            times[i] = cost(work);
        }
        Arrays.sort(times);
        return times[count / 2];
    }

    private static double cost(Runnable work) {
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin) / 1e6;
    }

    /** The most memory that the process has had, in MB. */
    private static long peak() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
