package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import io.github.caadam.experiments.execution.Environment;
import io.github.caadam.scaling.ScalingStrategy;
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

    private static final String STEP = "step";
    private static final String EAGER = "epoch-eager";
    private static final String COMPILED = "epoch-compiled";
    private static final String CPU_RATIO = "cpu_ratio";
    private static final String COST = "caadam_over_adam";

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
        }
    }

    private void epochs(String network) {
        Workload workload = settings.epochs(network);
        ScalingStrategy scaling = ScalingStrategy.multiplicative();
        Optional<EpochContender> compiled = EpochContender.compiled(workload, device, scaling);
        List<Contender> contenders = new ArrayList<>();
        EpochContender stock = EpochContender.stock(workload, device);
        contenders.add(stock);
        contenders.add(EpochContender.eager(workload, device, scaling));
        if (compiled.isPresent()) {
            contenders.add(compiled.get());
            contenders.add(
                    EpochContender.compiled(workload, device, ScalingStrategy.none())
                            .orElseThrow());
        }
        Convolutions convolutions = new Convolutions(stock.training());
        if (!convolutions.isEmpty()) {
            contenders.add(convolutions);
        }
        try {
            Turns turns = new Turns(contenders, !device.isGpu());
            turns.warmUp(settings.epochsBefore(workload));
            turns.measure(settings.leastRounds(), settings.mostRounds(), settings.budget());
            report(network, turns, compiled.isPresent());
            if (!convolutions.isEmpty()) {
                reportConvolutions(
                        network,
                        turns.processorRatio(contenders.size() - 1, 0),
                        turns.processorRatio(contenders.size() - 1, 1),
                        workload.steps());
            }
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private void report(String network, Turns turns, boolean compiled) {
        add(new BenchmarkRow(EAGER, network, turns.ratio(0, 1)));
        detail(BenchmarkDetail.of(EAGER, network, CPU_RATIO, turns.processorRatio(0, 1)));
        add(new BenchmarkRow(COMPILED, network, compiled ? turns.ratio(0, 2) : null));
        detail(BenchmarkDetail.of(EAGER, network, "rounds", turns.rounds()));
        if (compiled) {
            detail(BenchmarkDetail.of(COMPILED, network, CPU_RATIO, turns.processorRatio(0, 2)));
            detail(BenchmarkDetail.of(COMPILED, network, COST, turns.processorRatio(2, 3)));
        }
    }

    private void reportConvolutions(String network, Ratio ofStock, Ratio ofOurs, int steps) {
        detail(BenchmarkDetail.of(EAGER, network, "convolutions_ms", ofStock.firstMs() * steps));
        detail(
                BenchmarkDetail.of(
                        EAGER, network, "convolutions_share_of_stock", ofStock.times(steps)));
        detail(
                BenchmarkDetail.of(
                        EAGER, network, "convolutions_share_of_ours", ofOurs.times(steps)));
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
