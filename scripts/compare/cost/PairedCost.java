import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Times two jars of the library in one process, in turns: each has a class loader of its own, both
 * share DJL. So whatever drifts on the machine meets both within milliseconds.
 *
 * <pre>PairedCost UNITS OLD-CLASSES OLD-JAR NEW-CLASSES NEW-JAR</pre>
 */
public final class PairedCost {

    private static final int BATCH = 64;

    private PairedCost() {}

    static Contender load(
            String classes, String jar, String units, boolean scaled, int rows, int batch)
            throws Exception {
        URL[] path = {Path.of(classes).toUri().toURL(), Path.of(jar).toUri().toURL()};
        ClassLoader loader = new URLClassLoader(path, PairedCost.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        return (Contender)
                loader.loadClass("Training")
                        .getConstructor(
                                String.class, Boolean.class, Integer.class, Integer.class)
                        .newInstance(units, scaled, rows, batch);
    }

    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    static long cost(Runnable work) {
        long begin = processorTime();
        work.run();
        return processorTime() - begin;
    }

    private static void compare(String label, int rounds, Runnable older, Runnable newer) {
        for (int i = 0; i < 5; i++) {
            older.run();
            newer.run();
        }
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            boolean first = i % 2 == 0;
            long one = cost(first ? older : newer);
            long other = cost(first ? newer : older);
            ratios[i] = first ? (double) other / one : (double) one / other;
        }
        Arrays.sort(ratios);
        System.out.printf(
                Locale.ROOT,
                "%s: new/old %.3f (quartiles %.3f to %.3f, %d rounds)%n",
                label,
                ratios[rounds / 2],
                ratios[rounds / 4],
                ratios[3 * rounds / 4],
                rounds);
    }

    /** Compares steps and epochs, without scaling and with. */
    public static void main(String[] arguments) throws Exception {
        String units = arguments[0];
        boolean isWide = units.startsWith("1024");
        int rows = isWide ? 3_200 : 13_209;
        int steps = isWide ? 10 : 100;
        for (boolean scaled : new boolean[] {false, true}) {
            Contender older = load(arguments[1], arguments[2], units, scaled, rows, BATCH);
            Contender newer = load(arguments[3], arguments[4], units, scaled, rows, BATCH);
            String label = units + (scaled ? " multiplicative" : " none");
            compare(label + " step", 400, () -> older.steps(steps), () -> newer.steps(steps));
            compare(label + " compiled", isWide ? 30 : 80, older::compiled, newer::compiled);
            compare(label + " eager", isWide ? 16 : 24, older::eager, newer::eager);
        }
        System.exit(0);
    }
}
