import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times an epoch of california-notebook on each of its networks by two jars of the library, in
 * turns in one process, in processor time, and writes it as CSV beside what the arithmetic takes;
 * and by the newer one what else a run has: the eager epoch in its place, the evaluation of 3,302
 * rows behind each epoch, and once the compilation with its checks.
 *
 * <pre>GridCost OLD-CLASSES OLD-JAR NEW-CLASSES NEW-JAR CSV ROUNDS</pre>
 *
 * <p>An epoch has 13,209 rows of 8 features in batches of 128. Its arithmetic is that of the
 * products of forward and backward passes, at the rate that the product of the widest network has
 * here, and the step, at {@value #NANOSECONDS} ns a parameter; that of an evaluation is the products
 * alone. A compilation has paid after its time by that which a compiled epoch saves of an eager one.
 */
public final class GridCost {

    private static final List<String> NETWORKS =
            List.of(
                    "64-32",
                    "128-64-32",
                    "128-128-64",
                    "256-128-64-32",
                    "128-128-128-128-128",
                    "1024-256-64-16");

    private static final int ROWS = 13_209;
    private static final int FEATURES = 8;
    private static final int BATCH = 128;
    private static final double NANOSECONDS = 1.25;

    private GridCost() {}

    /** Times all networks. */
    public static void main(String[] arguments) throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add(
                "network,before_ms,after_ms,ratio,ratio_low,ratio_high,gflops,floor_ms,"
                        + "eager_ms,evaluation_ms,evaluation_floor_ms,compile_ms,pays_after_epochs");
        int rounds = Integer.parseInt(arguments[5]);
        for (String units : NETWORKS) {
            Contender older = load(arguments[0], arguments[1], units);
            Contender newer = load(arguments[2], arguments[3], units);
            boolean isLong = units.startsWith("1024");
            lines.add(measure(units, older, newer, isLong ? (rounds + 3) / 4 : rounds));
            System.out.println(lines.get(lines.size() - 1));
            Files.write(Path.of(arguments[4]), lines);
        }
        System.exit(0);
    }

    private static Contender load(String classes, String jar, String units) throws Exception {
        return PairedCost.load(classes, jar, units, true, ROWS, BATCH);
    }

    private static String measure(String units, Contender older, Contender newer, int rounds) {
        double[] before = new double[rounds];
        double[] after = new double[rounds];
        double[] ratios = new double[rounds];
        double gflops = 0;
        double eager = Double.MAX_VALUE;
        double evaluation = Double.MAX_VALUE;
        double compilation = Double.MAX_VALUE;
        for (int i = -3; i < rounds; i++) {
            double one = PairedCost.cost(older::compiled) / 1e6;
            double other = PairedCost.cost(newer::compiled) / 1e6;
            gflops = Math.max(gflops, gflops());
            if (i >= 0) {
                before[i] = one;
                after[i] = other;
                ratios[i] = one / other;
            }
            if (i % 4 == 0) {
                eager = Math.min(eager, PairedCost.cost(newer::eager) / 1e6);
                compilation = Math.min(compilation, PairedCost.cost(newer::compile) / 1e6);
            }
            evaluation = Math.min(evaluation, PairedCost.cost(newer::evaluate) / 1e6);
        }
        for (double[] values : List.of(before, after, ratios)) {
            Arrays.sort(values);
        }
        return String.format(
                Locale.ROOT,
                "%s,%.2f,%.2f,%.3f,%.3f,%.3f,%.0f,%.2f,%.2f,%.2f,%.2f,%.1f,%.1f",
                units,
                before[0],
                after[0],
                ratios[rounds / 2],
                ratios[rounds / 4],
                ratios[3 * rounds / 4],
                gflops,
                floor(units, gflops),
                eager,
                evaluation,
                evaluationFloor(units, gflops),
                compilation,
                compilation / (eager - after[0]));
    }

    /** The rate of one product of a batch, at its best. */
    private static double gflops() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray rows = manager.ones(new Shape(BATCH, 1024));
            NDArray weights = manager.ones(new Shape(1024, 256));
            double best = Double.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                best = Math.min(best, PairedCost.cost(() -> rows.matMul(weights).close()));
            }
            return 2.0 * BATCH * 1024 * 256 / best;
        }
    }

    private static int[] widths(String units) {
        return Arrays.stream((units + "-1").split("-")).mapToInt(Integer::parseInt).toArray();
    }

    private static double evaluationFloor(String units, double gflops) {
        double products = 0;
        int inputs = FEATURES;
        for (int outputs : widths(units)) {
            products += 2.0 * inputs * outputs;
            inputs = outputs;
        }
        return products * (ROWS / 4) / gflops / 1e6;
    }

    private static double floor(String units, double gflops) {
        double products = 0;
        double parameters = 0;
        int inputs = FEATURES;
        for (int outputs : widths(units)) {
            // The first layer passes no gradient on.
            products += (inputs == FEATURES ? 4.0 : 6.0) * inputs * outputs;
            parameters += (inputs + 1.0) * outputs;
            inputs = outputs;
        }
        int steps = (ROWS + BATCH - 1) / BATCH;
        return (products * ROWS / gflops + parameters * NANOSECONDS * steps) / 1e6;
    }
}
