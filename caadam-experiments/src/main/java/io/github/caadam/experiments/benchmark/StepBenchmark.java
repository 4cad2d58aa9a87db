// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.List;
import java.util.stream.Stream;

/**
 * The optimizer's step alone. One network is trained with stock DJL, and the other contenders step
 * on its gradients, too. So all optimizers have seen the same gradients, those of a real training
 * with its dead units, when the clock starts.
 */
final class StepBenchmark implements AutoCloseable {

    private static final int STOCK = 0;
    private static final int PLAIN = 1;
    private static final int MULTIPLICATIVE = 2;
    private static final int ADDITIVE = 3;
    private static final int DEPTH = 4;

    private final List<StepContender> contenders;
    private final Turns turns;

    StepBenchmark(Workload workload, Device device) {
        contenders =
                Stream.of(
                                Training.stock(workload, device),
                                Training.ours(workload, device, ScalingStrategy.none()),
                                Training.ours(workload, device, ScalingStrategy.multiplicative()),
                                Training.ours(workload, device, ScalingStrategy.additive()),
                                Training.ours(workload, device, ScalingStrategy.depth()))
                        .map(StepContender::new)
                        .toList();
        turns = new Turns(contenders, !device.isGpu());
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
            contenders.forEach(StepContender::step);
        }
        for (int i = 0; i < timed; i++) {
            computeGradients();
            turns.round(i, false);
        }
    }

    private void computeGradients() {
        StepContender stock = contenders.get(STOCK);
        stock.computeGradients();
        contenders.stream().skip(1).forEach(contender -> contender.takeGradients(stock));
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
        return contenders.get(STOCK).parameters();
    }

    @Override
    public void close() {
        contenders.forEach(StepContender::close);
    }
}
