// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.OptimizerCases;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.rule.Slot;
import io.github.caadam.spi.StepRecipe;
import io.github.caadam.spi.UpdatePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps whose gradients are the same, with moments flushed and not. */
class FusedDenormalsTest {

    private static final int STEPS = 2_500;
    private static final int LAST_WITH_GRADIENT = 100;

    /**
     * Of those that flush what they keep, and in whose numbers of steps it becomes denormal: the
     * sums of Adagrad do not decay, the mean squares of RMSprop not fast enough by default, and
     * those of Adafactor less and less.
     */
    static Stream<OptimizerCases.Case> flushing() {
        return OptimizerCases.all()
                .filter(one -> one.optimizer() != LibraryOptimizer.ADAGRAD)
                .filter(one -> one.optimizer() != LibraryOptimizer.ADAFACTOR)
                .filter(
                        one ->
                                one.optimizer() != LibraryOptimizer.RMSPROP
                                        || one.options().containsKey("rho")
                                        || one.options().containsKey("momentum"))
                .filter(FusedDenormalsTest::flushes);
    }

    private static boolean flushes(OptimizerCases.Case one) {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = Networks.initialized(manager, Networks.mlp(1), new Shape(1, 4));
            Parameter first = block.getParameters().valueAt(0);
            try (StatefulOptimizer optimizer = one.create(block, builder -> {})) {
                StepRecipe recipe =
                        optimizer.plan(Map.of(first.getId(), first.getArray())).recipe();
                List<Slot> slots =
                        recipe.rule().rules().stream()
                                .flatMap(rule -> recipe.slots(rule).stream())
                                .toList();
                return !slots.isEmpty() && slots.stream().allMatch(slot -> slot.flushedBy() > 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("flushing")
    void flushingMovesNoWeightByMoreThanItsLastBit(OptimizerCases.Case optimizer) throws Exception {
        Result kept = train(optimizer, false);
        Result flushed = train(optimizer, true);

        assertThat(kept.denormal()).isPositive();
        assertThat(flushed.denormal()).isZero();
        for (int i = 0; i < kept.weights().size(); i++) {
            // The last bit of numbers of about 1.
            assertThat(flushed.weights().get(i))
                    .containsExactly(kept.weights().get(i), within(1.2e-7f));
        }
    }

    private static Result train(OptimizerCases.Case optimizers, boolean flushes) throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = Networks.initialized(manager, Networks.mlp(16, 1), new Shape(1, 4));
            Random random = new Random(1);
            Map<String, NDArray> weights = new LinkedHashMap<>();
            for (Parameter parameter : block.getParameters().values()) {
                NDArray weight = parameter.getArray();
                weight.set(gaussians(random, weight));
                weights.put(parameter.getId(), weight);
                MissingGradients.create(weight);
            }
            try (StatefulOptimizer optimizer = create(optimizers, block)) {
                UpdatePlan plan = optimizer.plan(weights);
                try (PtFusedStep step = PtFusedStep.of(plan, flushes)) {
                    for (int i = 0; i < STEPS; i++) {
                        if (i < LAST_WITH_GRADIENT || i % 100 == 0) {
                            addGradients(manager, random, weights, i);
                        }
                        step.step();
                    }
                    return new Result(Networks.values(block), denormal(plan));
                }
            }
        }
    }

    private static StatefulOptimizer create(OptimizerCases.Case one, Block block) {
        return one.create(block, builder -> builder.optLearningRateTracker(Tracker.fixed(0.002f)));
    }

    /** Half of the values of each parameter, those of dead units, have no gradient in the end. */
    private static void addGradients(
            NDManager manager, Random random, Map<String, NDArray> weights, int step) {
        for (NDArray weight : weights.values()) {
            float[] values = gaussians(random, weight);
            for (int i = 0; step >= LAST_WITH_GRADIENT && i < values.length / 2; i++) {
                values[i] = 0;
            }
            try (NDArray gradient = weight.getGradient();
                    NDArray added = manager.create(values, weight.getShape())) {
                gradient.addi(added);
            }
        }
    }

    private static float[] gaussians(Random random, NDArray like) {
        float[] values = new float[(int) like.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static int denormal(UpdatePlan plan) {
        int count = 0;
        for (UpdatePlan.Entry entry : plan.entries()) {
            for (NDArray array : new ArrayList<>(entry.slots().arrays())) {
                for (float value : array.toFloatArray()) {
                    if (value != 0 && Math.abs(value) < Float.MIN_NORMAL) {
                        count++;
                    }
                }
            }
        }
        return count;
    }

    private record Result(List<float[]> weights, int denormal) {}
}
