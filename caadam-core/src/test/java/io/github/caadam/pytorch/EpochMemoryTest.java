package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.Networks;
import io.github.caadam.training.MeanSquaredError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What thousands of epochs of a small network leave behind. */
class EpochMemoryTest {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int WARM_UP = 1_000;
    private static final int SAMPLES = 13;
    private static final int EPOCHS_PER_SAMPLE = 500;

    /**
     * An array of one number, leaked in every step, would be 150 bytes and more of PyTorch's own
     * for each of 5,000 steps: 700 KB at the least. The median, because the JVM itself grows now
     * and then, by some MB at once.
     */
    private static final long ALLOWED_KILOBYTES = 200;

    @Test
    void residentMemoryDoesNotGrowWithEpochs() throws Exception {
        assumeThat(STATUS).as("the process's own figures, which Linux has").isReadable();
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xms64m",
                                "-Xmx64m",
                                "-XX:+AlwaysPreTouch",
                                "-Dai.djl.pytorch.num_threads=1",
                                "-Dai.djl.pytorch.num_interop_threads=1",
                                "-DOPT_OUT_TRACKING=true",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EpochMemoryTest.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();

        assertThat(Long.parseLong(output.trim()))
                .as("median growth, in kilobytes, over %d epochs", EPOCHS_PER_SAMPLE)
                .isLessThan(ALLOWED_KILOBYTES);
    }

    /** Prints by how many kilobytes this process grew between samples, in the median. */
    public static void main(String[] arguments) throws Exception {
        Supplier<Block> network = () -> Networks.mlp(8, 4, 1);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Twins twins =
                        new Twins(
                                network,
                                OptimizerCase.CAADAM_ADDITIVE::create,
                                MeanSquaredError::new,
                                32,
                                new Shape(6))) {
            TestData data = TestData.regression(manager, 310, 6, 1);
            run(twins, data, WARM_UP);
            long[] growth = new long[SAMPLES];
            for (int sample = 0; sample < SAMPLES; sample++) {
                long before = residentKilobytes();
                run(twins, data, EPOCHS_PER_SAMPLE);
                growth[sample] = residentKilobytes() - before;
            }
            Arrays.sort(growth);
            System.out.println(growth[SAMPLES / 2]);
        }
    }

    private static void run(Twins twins, TestData data, int epochs) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            twins.epoch().run(data.features(), data.labels(), TestData.order(310, epoch));
            twins.epoch().evaluate(data.features(), data.labels());
        }
    }

    private static long residentKilobytes() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
