// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every optimizer on functions of the weights of a 3-3-1 MLP, whose layers have different factors,
 * with gradients computed by hand. It must find the minimum with one of a few learning rates, as
 * rules need rates of different sizes.
 */
class ConvergenceTest {

    private static final int SIZE = 16;

    /** What learning rates are multiplied by, in the order in which they are tried. */
    private static final float[] SCALES = {1, 0.1f, 10, 100};

    /** An optimizer under a name. */
    record Named(String name, Factory factory) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** Builds an optimizer of a block with a learning rate. */
    interface Factory {
        Optimizer create(Block block, ParameterTracker learningRate);
    }

    static Stream<Named> optimizers() {
        Stream<Named> lines =
                Stream.of(LibraryOptimizer.values())
                        .map(line -> new Named(line.name(), line::create));
        Stream<Named> settings =
                Stream.of(
                        new Named(
                                "adam, corrected epsilon",
                                (block, rate) ->
                                        caAdam(block, rate)
                                                .optEpsilonPlacement(
                                                        EpsilonPlacement.BIAS_CORRECTED)
                                                .build()),
                        new Named(
                                "adam, clipped",
                                (block, rate) -> caAdam(block, rate).optClipGrad(1).build()),
                        new Named(
                                "adam, clipped by norm",
                                (block, rate) -> caAdam(block, rate).optClipNorm(1).build()),
                        new Named(
                                "amsgrad",
                                (block, rate) -> caAdam(block, rate).optAmsgrad(true).build()),
                        new Named(
                                "additive",
                                (block, rate) ->
                                        caAdam(block, rate)
                                                .setScaling(ScalingStrategy.additive(0.5))
                                                .build()),
                        new Named(
                                "multiplicative",
                                (block, rate) ->
                                        caAdam(block, rate)
                                                .setScaling(ScalingStrategy.multiplicative())
                                                .build()),
                        new Named(
                                "multiplicative, as published",
                                (block, rate) ->
                                        caAdam(block, rate)
                                                .setScaling(ScalingStrategy.multiplicative(5))
                                                .optConvention(StructureConvention.REFERENCE)
                                                .build()),
                        new Named(
                                "depth",
                                (block, rate) ->
                                        caAdam(block, rate)
                                                .setScaling(ScalingStrategy.depth())
                                                .build()));
        return Stream.concat(lines, settings);
    }

    private static CaAdam.Builder caAdam(Block block, ParameterTracker learningRate) {
        return CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.none())
                .optLearningRateTracker(learningRate);
    }

    /** f = ½ Σ k (x−c)², k from 1 to 100, from x = 0. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void findsTheMinimumOfAQuadratic(Named optimizer) {
        Random random = new Random(1);
        double[] minimum = random.doubles(SIZE, -2, 2).toArray();
        UnaryOperator<double[]> gradient =
                x -> {
                    double[] g = new double[SIZE];
                    for (int i = 0; i < SIZE; i++) {
                        g[i] = Math.pow(100, i / (SIZE - 1.0)) * (x[i] - minimum[i]);
                    }
                    return g;
                };

        // The last learning rate is 2e-5, times a factor of up to 5.6.
        requireFound(optimizer, 0.5, 0.995, 2000, new double[SIZE], gradient, minimum, 1e-4);
    }

    /**
     * f = ½‖AW−B‖² + ½‖w‖² of the 3×3 weights W of the first layer and the others w. A has the
     * singular values 3, 2 and 1.
     */
    @ParameterizedTest
    @MethodSource("optimizers")
    void findsTheMinimumOfALeastSquaresProblemOfMatrices(Named optimizer) {
        double[][] a = {{0, 0, 3}, {-1.2, 1.6, 0}, {0.8, 0.6, 0}};
        double[] minimum = new Random(3).doubles(9, -2, 2).toArray();
        UnaryOperator<double[]> gradient =
                w -> {
                    double[] g = w.clone();
                    for (int column = 0; column < 3; column++) {
                        for (int i = 0; i < 3; i++) {
                            double sum = 0;
                            for (int row = 0; row < 3; row++) {
                                double residual = 0;
                                for (int k = 0; k < 3; k++) {
                                    int at = 3 * k + column;
                                    residual += a[row][k] * (w[at] - minimum[at]);
                                }
                                sum += a[row][i] * residual;
                            }
                            g[3 * i + column] = sum;
                        }
                    }
                    return g;
                };
        double[] whole = Arrays.copyOf(minimum, SIZE);
        requireFound(optimizer, 0.5, 0.99, 1000, filled(1), gradient, whole, 1e-4);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void zeroGradientsChangeNoBit(Named optimizer) {
        double[] start = new Random(2).doubles(SIZE, -1, 1).map(x -> (float) x).toArray();

        double[] found = minimize(optimizer, Tracker.fixed(0.1f), 10, start, x -> new double[SIZE]);

        assertThat(found).containsExactly(start);
    }

    @ParameterizedTest
    @MethodSource("scaled")
    void onlyTheParameterWithFactorZeroStays(CaAdam.Builder unfinished) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = network(manager, new double[SIZE]);
            try (CaAdam optimizer =
                    unfinished
                            .setBlock(block)
                            .setScaling((parameter, network) -> parameter.depth() == 0 ? 0 : 1)
                            .build()) {
                for (int i = 0; i < 10; i++) {
                    update(manager, optimizer, block, filled(1));
                }
            }
            double[] found = Golden.weights(block);
            // Layer 0 has 9 weights and 3 biases.
            assertThat(Arrays.copyOf(found, 12)).containsOnly(0);
            assertThat(Arrays.copyOfRange(found, 12, SIZE)).doesNotContain(0);
        }
    }

    static Stream<CaAdam.Builder> scaled() {
        return Stream.of(
                CaAdam.builder(),
                CaAdam.builder().optEpsilonPlacement(EpsilonPlacement.BIAS_CORRECTED),
                CaAdam.builder().optClipGrad(0.5f),
                CaAdam.builder().optClipNorm(0.5f),
                CaAdam.builder().optAmsgrad(true));
    }

    private static double[] filled(double value) {
        double[] values = new double[SIZE];
        Arrays.fill(values, value);
        return values;
    }

    /**
     * Tries rates that fall by a factor in each step, from several first ones; then ones that stay
     * and fall to 1e-5 of themselves in the second half, for rules that take long to begin.
     */
    private static void requireFound(
            Named optimizer,
            double rate,
            double fall,
            int steps,
            double[] start,
            UnaryOperator<double[]> gradient,
            double[] minimum,
            double tolerance) {
        List<Tracker> schedules = new ArrayList<>();
        for (float scale : SCALES) {
            schedules.add(step -> scale * (float) (rate * Math.pow(fall, step)));
        }
        for (double scale : new double[] {0.1, 0.03}) {
            schedules.add(
                    step -> {
                        double fallen = Math.max(0, (double) step / steps - 0.5);
                        return (float) (scale * rate * Math.pow(10, -10 * fallen));
                    });
        }
        List<Double> errors = new ArrayList<>();
        for (Tracker schedule : schedules) {
            double[] found = minimize(optimizer, schedule, steps, start, gradient);
            double error = 0;
            for (int i = 0; i < SIZE; i++) {
                double here = Math.abs(found[i] - minimum[i]);
                error = Double.isNaN(here) ? Double.POSITIVE_INFINITY : Math.max(error, here);
            }
            if (error <= tolerance) {
                return;
            }
            errors.add(error);
        }
        fail("%s misses the minimum by %s with these rates.", optimizer, errors);
    }

    private static double[] minimize(
            Named optimizer,
            Tracker learningRate,
            int steps,
            double[] start,
            UnaryOperator<double[]> gradient) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = network(manager, start);
            Optimizer created = optimizer.factory().create(block, learningRate);
            for (int i = 0; i < steps; i++) {
                update(manager, created, block, gradient.apply(Golden.weights(block)));
            }
            Golden.close(created);
            return Golden.weights(block);
        }
    }

    private static Block network(NDManager manager, double[] weights) {
        Block block = Networks.initialized(manager, Networks.mlp(3, 1), new Shape(1, 3));
        int offset = 0;
        for (Parameter parameter : block.getParameters().values()) {
            parameter.getArray().set(part(weights, offset, parameter));
            offset += (int) parameter.getShape().size();
        }
        assertThat(offset).isEqualTo(SIZE);
        return block;
    }

    private static void update(
            NDManager manager, Optimizer optimizer, Block block, double[] gradient) {
        List<Parameter> parameters = block.getParameters().values();
        int offset = 0;
        for (Parameter parameter : parameters) {
            try (NDArray array =
                    manager.create(part(gradient, offset, parameter), parameter.getShape())) {
                optimizer.update(parameter.getId(), parameter.getArray(), array);
            }
            offset += (int) parameter.getShape().size();
        }
    }

    private static float[] part(double[] values, int offset, Parameter parameter) {
        float[] part = new float[(int) parameter.getShape().size()];
        for (int i = 0; i < part.length; i++) {
            part[i] = (float) values[offset + i];
        }
        return part;
    }
}
