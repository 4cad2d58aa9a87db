// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import io.github.caadam.experiments.execution.Environment;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Times the library beside stock DJL in one process, in turns. Stock is {@code ArrayDataset},
 * {@code EasyTrain.fit} without listeners and {@code Optimizer.adam()}; ours is CaAdam with
 * multiplicative scaling.
 */
public final class Benchmark {

    /** What is timed, in sentences. */
    public static final String DESCRIPTION =
            "Stock is ArrayDataset, EasyTrain.fit and Optimizer.adam(); ours is CaAdam. The cases"
                    + " are the optimizer's step alone, and whole epochs with our eager loop and with"
                    + " the compiled epoch. Times are medians; a ratio is stock/ours within a round,"
                    + " above 1 where ours is faster: its median over the rounds, with lower and upper"
                    + " quartile. \"-\" stands for what a path cannot do.";

    private static final String STEP = "step";
    private static final String EAGER = "epoch-eager";
    private static final String COMPILED = "epoch-compiled";
    private static final String FIT = "epoch-fit";
    private static final String CPU_RATIO = "cpu_ratio";
    private static final String COST = "caadam_over_adam";
    private static final String STOCK_SHARE = "convolutions_share_of_stock";
    private static final String OUR_SHARE = "convolutions_share_of_ours";

    private final BenchmarkSettings settings;
    private final Device device;
    private final PrintWriter out;
    private final List<BenchmarkRow> rows = new ArrayList<>();
    private final List<BenchmarkDetail> details = new ArrayList<>();

    /**
     * Describes a benchmark.
     *
     * @param settings how much is measured
     * @param device where
     * @param out where lines of the table go, each as soon as it is measured
     */
    public Benchmark(BenchmarkSettings settings, Device device, PrintWriter out) {
        this.settings = settings;
        this.device = device;
        this.out = out;
    }

    /**
     * Measures everything.
     *
     * @return what came out
     */
    public BenchmarkResult run() {
        Map<String, String> environment = Environment.current(device);
        out.printf(
                "%-15s %-20s %10s %10s %8s  %s%n",
                "case", "network", "stock ms", "ours ms", "ratio", "quartiles");
        out.flush();
        settings.networks().forEach(this::steps);
        settings.networks().forEach(this::epochs);
        return new BenchmarkResult(rows, details, settings, environment);
    }

    private void steps(String network) {
        try (StepBenchmark benchmark = new StepBenchmark(settings.steps(network), device)) {
            benchmark.run(settings.stepsBefore(), settings.stepsTimed());
            add(new BenchmarkRow(STEP, network, benchmark.ratio()));
            detail(BenchmarkDetail.of(STEP, network, CPU_RATIO, benchmark.processorRatio()));
            MemoryFloor floor = MemoryFloor.measure(benchmark.parameters(), device);
            detail(BenchmarkDetail.of(STEP, network, "values", (double) benchmark.parameters()));
            detail(BenchmarkDetail.of(STEP, network, "memory_floor_ms", floor.milliseconds()));
            detail(BenchmarkDetail.of(STEP, network, "memory_gb_s", floor.gigabytesPerSecond()));
            detail(BenchmarkDetail.of(STEP, network, COST, benchmark.cost()));
            detail(
                    BenchmarkDetail.of(
                            STEP, network, "additive_over_adam", benchmark.costOfAdditive()));
            detail(BenchmarkDetail.of(STEP, network, "depth_over_adam", benchmark.costOfDepth()));
        }
    }

    private void epochs(String network) {
        try (EpochBenchmark benchmark = new EpochBenchmark(settings.epochs(network), device)) {
            benchmark.run(settings);
            add(new BenchmarkRow(EAGER, network, benchmark.eagerRatio()));
            detail(BenchmarkDetail.of(EAGER, network, "rounds", benchmark.rounds()));
            detail(EAGER, network, CPU_RATIO, Optional.of(benchmark.eagerProcessorRatio()));
            detail(EAGER, network, COST, Optional.of(benchmark.eagerCost()));
            detail(EAGER, network, STOCK_SHARE, benchmark.convolutionsOfStock());
            detail(EAGER, network, OUR_SHARE, benchmark.convolutionsOfOurs());
            add(new BenchmarkRow(COMPILED, network, benchmark.compiledRatio().orElse(null)));
            detail(COMPILED, network, CPU_RATIO, benchmark.compiledProcessorRatio());
            detail(COMPILED, network, COST, benchmark.compiledCost());
            add(new BenchmarkRow(FIT, network, benchmark.fitRatio().orElse(null)));
            detail(FIT, network, CPU_RATIO, benchmark.fitProcessorRatio());
            detail(FIT, network, "fit_over_bare", benchmark.fitCost());
        }
    }

    private void detail(String name, String network, String measure, Optional<Ratio> ratio) {
        ratio.ifPresent(value -> detail(BenchmarkDetail.of(name, network, measure, value)));
    }

    private void add(BenchmarkRow row) {
        rows.add(row);
        List<String> cells = row.cells();
        out.printf(
                "%-15s %-20s %10s %10s %8s  %s%n",
                row.name(),
                row.network(),
                cells.get(2),
                cells.get(3),
                cells.get(4),
                row.ratio() == null ? "" : cells.get(5) + " to " + cells.get(6));
        out.flush();
    }

    private void detail(BenchmarkDetail detail) {
        details.add(detail);
        if (Double.isNaN(detail.low())) {
            out.printf(Locale.ROOT, "    %s %.4g%n", detail.measure(), detail.value());
        } else {
            out.printf(
                    Locale.ROOT,
                    "    %s %.3f (%.3f to %.3f)%n",
                    detail.measure(),
                    detail.value(),
                    detail.low(),
                    detail.high());
        }
        out.flush();
    }
}
