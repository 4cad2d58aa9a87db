package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.MathArrays;

/**
 * The optimizer's step alone. One network is trained with stock DJL; in every step the gradients
 * are copied to the networks of the other contenders, and all step on them. So all optimizers have
 * seen the same gradients, those of a real training with its dead units, when the clock starts.
 */
final class StepBenchmark implements AutoCloseable {

    private static final int STOCK = 0;
    private static final int OURS = 1;
    private static final int PLAIN = 2;

    /** Rounds of one group of turns. */
    private static final int GROUP = 6;

    private final Training stock;
    private final List<Training> all;
    private final List<List<NDArray>> gradients = new ArrayList<>();
    private final Turns turns;
    private final RandomGenerator random = new MersenneTwister(1);
    private int[] order = {};
    private int next;
    private int copies;

    StepBenchmark(Workload workload, Device device) {
        stock = Training.stock(workload, device);
        all =
                List.of(
                        stock,
                        Training.ours(workload, device, ScalingStrategy.multiplicative()),
                        Training.ours(workload, device, ScalingStrategy.none()));
        for (Training training : all) {
            // The engine makes a gradient's array in the first backward pass, and keeps it.
            backward(training, nextRows());
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
        backward(stock, nextRows());
        // In turns, as the later copy finds itself in the processor's cache.
        boolean forwards = copies++ / GROUP % 2 == 0;
        copyGradients(forwards ? OURS : PLAIN);
        copyGradients(forwards ? PLAIN : OURS);
    }

    private void copyGradients(int contender) {
        List<NDArray> zeros = gradients.get(contender);
        for (int i = 0; i < zeros.size(); i++) {
            zeros.get(i).addi(gradients.get(STOCK).get(i));
        }
    }

    /** The rows of a full batch, shuffled anew when an epoch is over. */
    private int[] nextRows() {
        Workload workload = stock.workload();
        if (next + workload.batchSize() > order.length) {
            order = MathArrays.natural(workload.rows());
            MathArrays.shuffle(order, random);
            next = 0;
        }
        int start = next;
        next += workload.batchSize();
        return Arrays.copyOfRange(order, start, next);
    }

    private static void backward(Training training, int[] rows) {
        try (NDManager manager = training.trainer().getManager().newSubManager()) {
            NDIndex index = new NDIndex("{}", manager.create(rows));
            NDList features = new NDList(training.data().features().get(manager, index));
            NDList targets = new NDList(training.data().targets().get(manager, index));
            try (GradientCollector collector = training.trainer().newGradientCollector()) {
                NDList predictions = training.trainer().forward(features);
                collector.backward(training.trainer().getLoss().evaluate(targets, predictions));
            }
        }
    }

    /** Stock over ours. */
    Ratio ratio() {
        return turns.ratioOfGroups(STOCK, OURS);
    }

    /** CaAdam over Adam without scaling, in our path. */
    Ratio cost() {
        return turns.ratioOfGroups(OURS, PLAIN);
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
