package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
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
    private static final int OURS = 1;
    private static final int PLAIN = 2;

    private final Training stock;
    private final List<Training> all;
    private final List<List<NDArray>> gradients = new ArrayList<>();
    private final Turns turns;
    private int steps;

    StepBenchmark(Workload workload, Device device) {
        stock = Training.stock(workload, device);
        all =
                List.of(
                        stock,
                        Training.ours(workload, device, ScalingStrategy.multiplicative()),
                        Training.ours(workload, device, ScalingStrategy.none()));
        for (Training training : all) {
            // The engine makes a gradient's array in the first backward pass, and keeps it.
            backward(training, 0);
            gradients.add(training.weights().stream().map(NDArray::getGradient).toList());
        }
        gradients.forEach(list -> list.forEach(gradient -> gradient.subi(gradient)));
        turns = new Turns(all.stream().map(StepBenchmark::stepOf).toList());
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
        backward(stock, steps++);
        for (List<NDArray> others : gradients.subList(1, gradients.size())) {
            for (int i = 0; i < others.size(); i++) {
                // Zero since the last step.
                others.get(i).addi(gradients.get(STOCK).get(i));
            }
        }
    }

    private static void backward(Training training, int step) {
        Workload workload = training.workload();
        int fullBatches = workload.rows() / workload.batchSize();
        int start = step % fullBatches * workload.batchSize();
        NDIndex rows = new NDIndex(start + ":" + (start + workload.batchSize()));
        try (NDManager manager = training.trainer().getManager().newSubManager()) {
            NDList features = new NDList(training.data().features().get(manager, rows));
            NDList targets = new NDList(training.data().targets().get(manager, rows));
            try (GradientCollector collector = training.trainer().newGradientCollector()) {
                NDList predictions = training.trainer().forward(features);
                collector.backward(training.trainer().getLoss().evaluate(targets, predictions));
            }
        }
    }

    /** Stock over ours. */
    Ratio ratio() {
        return turns.ratio(STOCK, OURS);
    }

    /** CaAdam over Adam without scaling, in our path. */
    Ratio cost() {
        return turns.ratio(OURS, PLAIN);
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
