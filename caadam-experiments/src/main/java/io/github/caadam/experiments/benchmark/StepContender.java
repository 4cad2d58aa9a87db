// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.ndarray.NDArray;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * A training whose optimizer's steps are timed, on gradients that are the same for all contenders.
 * Each timed step comes behind a backward pass of the training's own, as ever: what it finds in the
 * processor's caches is then what it would find there, whoever's turn it was before.
 */
final class StepContender implements Contender {

    private final Training training;
    private final List<NDArray> gradients;
    private final Batches batches;

    /** The gradients of a step, kept from before {@link #prepare} makes others. */
    private final List<NDArray> given;

    StepContender(Training training) {
        this.training = training;
        batches = new Batches(training.workload());
        // The engine makes a gradient's array in the first backward pass, and keeps it.
        training.backward(batches.next());
        gradients = training.weights().stream().map(NDArray::getGradient).toList();
        given = gradients.stream().map(NDArray::duplicate).toList();
    }

    /** Makes a backward pass on the training's own next rows, and gives itself its gradients. */
    void computeGradients() {
        backward();
        assign(given, gradients);
    }

    /** Gives itself the gradients that another contender has. */
    void takeGradients(StepContender other) {
        assign(given, other.given);
    }

    private void backward() {
        gradients.forEach(gradient -> gradient.subi(gradient));
        training.backward(batches.next());
    }

    @Override
    public void prepare() {
        backward();
        assign(gradients, given);
        training.synchronize();
    }

    private static void assign(List<NDArray> targets, List<NDArray> sources) {
        for (int i = 0; i < targets.size(); i++) {
            NDArray target = targets.get(i);
            target.subi(target);
            target.addi(sources.get(i));
        }
    }

    /** Makes a step that is not timed. */
    void step() {
        assign(gradients, given);
        training.trainer().step();
    }

    @Override
    public void run() {
        training.trainer().step();
        training.synchronize();
    }

    /**
     * Returns a contender whose steps are those of an ordinary training, on new rows each. They are
     * timed by the processor time of the thread, which does not count waiting for a core.
     */
    Contender onOwnGradients() {
        return new Contender() {
            @Override
            public void prepare() {
                backward();
                training.synchronize();
            }

            @Override
            public void run() {
                StepContender.this.run();
            }

            @Override
            public long time() {
                ThreadMXBean threads = ManagementFactory.getThreadMXBean();
                long start = threads.getCurrentThreadCpuTime();
                run();
                return threads.getCurrentThreadCpuTime() - start;
            }

            @Override
            public void close() {
                StepContender.this.close();
            }
        };
    }

    /** The number of trained values. */
    long parameters() {
        return gradients.stream().mapToLong(NDArray::size).sum();
    }

    @Override
    public void close() {
        gradients.forEach(NDArray::close);
        given.forEach(NDArray::close);
        training.close();
    }
}
