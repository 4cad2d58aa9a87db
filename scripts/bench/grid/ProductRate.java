import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Locale;

/**
 * Says every few seconds, until it is stopped, at what rate one thread makes the product of the
 * widest network of california-notebook, in GFLOP/s of processor time: the median of some. On a
 * shared machine it changes by a third within minutes, while others use the same cores.
 *
 * <pre>ProductRate SECONDS</pre>
 */
public final class ProductRate {

    private static final int PRODUCTS = 25;
    private static final int ROWS = 128;
    private static final int INPUTS = 1024;
    private static final int OUTPUTS = 256;

    private ProductRate() {}

    /** Measures. */
    public static void main(String[] arguments) throws InterruptedException {
        long pause = Math.round(1000 * Double.parseDouble(arguments[0]));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray rows = manager.ones(new Shape(ROWS, INPUTS));
            NDArray weights = manager.ones(new Shape(INPUTS, OUTPUTS));
            while (true) {
                System.out.printf(Locale.ROOT, "%.1f%n", rate(rows, weights));
                Thread.sleep(pause);
            }
        }
    }

    private static double rate(NDArray rows, NDArray weights) {
        double[] nanoseconds = new double[PRODUCTS];
        for (int i = 0; i < PRODUCTS; i++) {
            nanoseconds[i] = PairedCost.cost(() -> rows.matMul(weights).close());
        }
        Arrays.sort(nanoseconds);
        return 2.0 * ROWS * INPUTS * OUTPUTS / nanoseconds[PRODUCTS / 2];
    }
}
