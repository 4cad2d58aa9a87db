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

/** A whole epoch of 13,209 rows in batches of 64: stock DJL, our eager loop, compiled. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 10)
@Measurement(iterations = 10)
public class EpochBenchmark {

    /** The network. */
    @Param({"mlp:64-32", "mlp:128-128-64", "mlp:1024-256-64-16"})
    public String network;

    /** How. */
    @Param({"stock", "eager", "compiled"})
    public String path;

    private EpochContender contender;

    /** Makes the training, which goes on from epoch to epoch. */
    @Setup(Level.Trial)
    public void start() {
        Workload workload = BenchmarkSettings.DEFAULT.epochs(network);
        ScalingStrategy scaling = ScalingStrategy.multiplicative();
        contender =
                switch (path) {
                    case "stock" -> EpochContender.stock(workload, Device.cpu());
                    case "eager" -> EpochContender.eager(workload, Device.cpu(), scaling);
                    default ->
                            EpochContender.compiled(workload, Device.cpu(), scaling).orElseThrow();
                };
    }

    /** Frees it. */
    @TearDown(Level.Trial)
    public void end() {
        contender.close();
    }

    /** One epoch. */
    @Benchmark
    public void epoch() {
        contender.run();
    }
}
