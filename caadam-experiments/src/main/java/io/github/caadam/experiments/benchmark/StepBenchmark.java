package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.ArrayList;
import java.util.List;

/**
 * The optimizer's step alone. One network is trained with stock DJL; in every step the gradients
 * are copied to the networks of the other contenders, and all step on them. So all optimizers have
 * seen the same gradients, those of a real training with its dead units, when the clock starts.
 */
final class StepBenchmark implements AutoCloseable {

    private static final int STOCK = 0;
    private static final int PLAIN = 1;
    private static final int MULTIPLICATIVE = 2;
    private static final int ADDITIVE = 3;
    private static final int DEPTH = 4;

    private final Training stock;
    private final List<Training> all;
    private final List<List<NDArray>> gradients = new ArrayList<>();
    private final Turns turns;
    private final Batches batches;
    private int copies;

    StepBenchmark(Workload workload, Device device) {
        batches = new Batches(workload);
        stock = Training.stock(workload, device);
        all =
                List.of(
                        stock,
                        Training.ours(workload, device, ScalingStrategy.none()),
                        Training.ours(workload, device, ScalingStrategy.multiplicative()),
                        Training.ours(workload, device, ScalingStrategy.additive()),
                        Training.ours(workload, device, ScalingStrategy.depth()));
        for (Training training : all) {
            // The engine makes a gradient's array in the first backward pass, and keeps it.
            training.backward(batches.next());
            gradients.add(training.weights().stream().map(NDArray::getGradient).toList());
        }
        gradients.forEach(list -> list.forEach(gradient -> gradient.subi(gradient)));
        turns = new Turns(all.stream().map(StepBenchmark::stepOf).toList(), !device.isGpu());
    }

    private static Contender stepOf(Training training) {
        return () -> {
            training.trainer().step();
            training.synchronize();
        };
    }

    /**
     * Trains, and times the last steps.
     *
     * @param untimed steps before
     * @param timed steps that are timed
     */
    void run(int untimed, int timed) {
        for (int i = 0; i < untimed; i++) {
            computeGradients();
            all.forEach(training -> training.trainer().step());
        }
        for (int i = 0; i < timed; i++) {
            computeGradients();
            all.forEach(Training::synchronize);
            turns.round(i, false);
        }
    }

    private void computeGradients() {
        stock.backward(batches.next());
        // In turns, as later copies find themselves in the processor's cache.
        int others = all.size() - 1;
        int group = copies++ / turns.groupSize();
        for (int k = 0; k < others; k++) {
            int place = group % 2 == 0 ? k : others - 1 - k;
            copyGradients(1 + (place + group / 2) % others);
        }
    }

    private void copyGradients(int contender) {
        List<NDArray> zeros = gradients.get(contender);
        for (int i = 0; i < zeros.size(); i++) {
            zeros.get(i).addi(gradients.get(STOCK).get(i));
        }
    }

    /** Stock over ours. */
    Ratio ratio() {
        return turns.ratioOfGroups(STOCK, MULTIPLICATIVE);
    }

    /** Stock over ours in processor time. */
    Ratio processorRatio() {
        return turns.processorRatioOfGroups(STOCK, MULTIPLICATIVE);
    }

    /** CaAdam with multiplicative scaling over without scaling, in our path, in processor time. */
    Ratio cost() {
        return turns.processorRatioOfGroups(MULTIPLICATIVE, PLAIN);
    }

    /** The same for additive scaling. */
    Ratio costOfAdditive() {
        return turns.processorRatioOfGroups(ADDITIVE, PLAIN);
    }

    /** The same for scaling by depth, which has the most groups of equal factors. */
    Ratio costOfDepth() {
        return turns.processorRatioOfGroups(DEPTH, PLAIN);
    }

    /** The number of trained values. */
    long parameters() {
        return stock.weights().stream().mapToLong(NDArray::size).sum();
    }

    @Override
    public void close() {
        gradients.forEach(list -> list.forEach(NDArray::close));
        all.forEach(Training::close);
    }
}
