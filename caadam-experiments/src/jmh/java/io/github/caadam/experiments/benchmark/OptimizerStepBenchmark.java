// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The optimizer's step alone, each after a forward and a backward pass that is not timed, the first
 * timed one after 2,000 steps of training. "denormal" is ours with an ε so small that moments are
 * not flushed, and stay denormal numbers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 1, batchSize = 1)
@Measurement(iterations = 500, batchSize = 1)
public class OptimizerStepBenchmark {

    private static final int STEPS_BEFORE = 2_000;
    private static final float TINY_EPSILON = 1e-12f;

    /** The network. */
    @Param({"mlp:64-32", "mlp:128-128-64", "mlp:1024-256-64-16", "resnet20"})
    public String network;

    /** Whose step. */
    @Param({"stock", "ours", "denormal"})
    public String path;

    private Training training;
    private Batches batches;

    /** Trains. */
    @Setup(Level.Trial)
    public void train() {
        Workload workload = BenchmarkSettings.DEFAULT.steps(network);
        ScalingStrategy scaling = ScalingStrategy.multiplicative();
        training =
                switch (path) {
                    case "stock" -> Training.stock(workload, Device.cpu());
                    case "ours" -> Training.ours(workload, Device.cpu(), scaling);
                    default -> Training.ours(workload, Device.cpu(), scaling, TINY_EPSILON);
                };
        batches = new Batches(workload);
        for (int i = 0; i < STEPS_BEFORE; i++) {
            computeGradients();
            training.trainer().step();
        }
    }

    /** Makes the gradients of a step. */
    @Setup(Level.Invocation)
    public void computeGradients() {
        training.backward(batches.next());
    }

    /** Frees everything. */
    @TearDown(Level.Trial)
    public void end() {
        training.close();
    }

    /** One step. */
    @Benchmark
    public void step() {
        training.trainer().step();
    }
}
