// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.internal.StateFile;
import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.NetworkStep;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of the whole network, in updates that come one by one. */
class NetworkRuleTest {

    @TempDir private Path directory;

    /**
     * Descent by the sum of all gradients of the step, kept beside the number of steps and the
     * largest rate.
     */
    private record Totals() implements UpdateRule {

        @Override
        public String name() {
            return "totals";
        }

        @Override
        public List<NetworkNumber> networkNumbers() {
            return List.of(
                    new NetworkNumber("total", 0),
                    new NetworkNumber("steps", 100),
                    new NetworkNumber("rate", 0));
        }

        @Override
        public void gather(Step s) {
            s.addToSum("gradients", s.gradients(), s.constant(1));
        }

        @Override
        public void settle(NetworkStep s) {
            s.set("total", s.sum("gradients"));
            s.set("steps", s.add(s.networkNumber("steps"), s.constant(1)));
            s.set(
                    "rate",
                    s.add(
                            s.mul(s.networkNumber("rate"), s.constant(0)),
                            s.number(n -> n.rate() + 10 * n.step())));
        }

        @Override
        public void update(Step s) {
            // Each weight by the total, whatever its own gradient is.
            s.addInPlace(
                    s.weights(),
                    s.mul(
                            s.add(s.mul(s.weights(), s.constant(0)), s.constant(1)),
                            s.networkNumber("total")),
                    s.constant(-1));
        }
    }

    private static RuleOptimizer totals(Block block, ParameterTracker rate) {
        return RuleOptimizer.builder()
                .setRule(new Totals())
                .optBlock(block)
                .optLearningRateTracker(rate)
                .build();
    }

    private static RuleOptimizer totals(Block block) {
        return totals(block, Tracker.fixed(1));
    }

    private static Block twoParameters(NDManager manager) {
        Block block = Networks.initialized(manager, Networks.mlp(1), new Shape(1, 2));
        for (Parameter parameter : block.getParameters().values()) {
            parameter.getArray().set(new float[(int) parameter.getShape().size()]);
        }
        return block;
    }

    private static void update(StatefulOptimizer optimizer, Block block, String path, float... g) {
        Parameter parameter = block.getParameters().get(path);
        try (NDArray gradient = parameter.getArray().getManager().create(g, parameter.getShape())) {
            optimizer.update(parameter.getId(), parameter.getArray(), gradient);
        }
    }

    @Test
    void allAreGatheredBeforeTheFirstIsUpdatedAndTheNetworkIsSettledOnceAStep() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            try (RuleOptimizer optimizer =
                    totals(
                            block,
                            (id, step) ->
                                    id.equals(block.getParameters().get("01Linear_bias").getId())
                                            ? 0.25f
                                            : 0.5f)) {
                update(optimizer, block, "01Linear_weight", 2, 3);
                assertThat(Golden.weights(block)).containsOnly(0);
                assertThat(optimizer.networkNumber("steps")).isEqualTo(100);
                update(optimizer, block, "01Linear_bias", 6);
                assertThat(Golden.weights(block)).containsOnly(-11);
                assertThat(optimizer.networkNumber("total")).isEqualTo(11);
                assertThat(optimizer.networkNumber("steps")).isEqualTo(101);
                assertThat(optimizer.networkNumber("rate")).isEqualTo(10.5);

                // In another order, and the sum begins anew.
                update(optimizer, block, "01Linear_bias", -6);
                update(optimizer, block, "01Linear_weight", 2, 3);
                assertThat(Golden.weights(block)).containsOnly(-10);
                assertThat(optimizer.networkNumber("steps")).isEqualTo(102);
                assertThat(optimizer.networkNumber("rate")).isEqualTo(20.5);
            }
        }
    }

    @Test
    void whatIsFrozenInBetweenIsNeitherGatheredNorWaitedFor() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            Parameter bias = block.getParameters().get("01Linear_bias");
            try (RuleOptimizer optimizer = totals(block)) {
                update(optimizer, block, "01Linear_weight", 1, 1);
                update(optimizer, block, "01Linear_bias", 1);
                bias.freeze(true);
                update(optimizer, block, "01Linear_weight", 2, 2);
                assertThat(Golden.weights(block)).containsExactly(-7, -7, -3);
                bias.freeze(false);
                update(optimizer, block, "01Linear_weight", 1, 1);
                update(optimizer, block, "01Linear_bias", 1);
                assertThat(Golden.weights(block)).containsExactly(-10, -10, -6);
                assertThat(optimizer.networkNumber("steps")).isEqualTo(103);
            }
        }
    }

    @Test
    void gradientsAreClippedBeforeTheyAreGathered() {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (boolean all : new boolean[] {false, true}) {
                Block block = twoParameters(manager);
                RuleOptimizer.Builder builder =
                        RuleOptimizer.builder()
                                .setRule(new Totals())
                                .optBlock(block)
                                .optLearningRateTracker(Tracker.fixed(1));
                try (RuleOptimizer optimizer =
                        (all ? builder.optGlobalClipNorm(3.5f) : builder.optClipGrad(2.5f))
                                .build()) {
                    update(optimizer, block, "01Linear_weight", 2, 3);
                    update(optimizer, block, "01Linear_bias", 6);
                    assertThat(optimizer.networkNumber("total"))
                            .isCloseTo(all ? 5.5 : 7, within(1e-6));
                }
            }
        }
    }

    @Test
    void aStepThatLacksAParameterIsRefusedByNameAndWritesNothing() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            try (RuleOptimizer optimizer = totals(block)) {
                update(optimizer, block, "01Linear_weight", 2, 3);
                assertThatIllegalStateException()
                        .isThrownBy(() -> update(optimizer, block, "01Linear_weight", 2, 3))
                        .withMessageContaining("\"totals\" works on the whole network")
                        .withMessageContaining("01Linear_bias")
                        .withMessageContaining("freeze what is not trained");
                assertThat(Golden.weights(block)).containsOnly(0);
                assertThat(optimizer.networkNumber("steps")).isEqualTo(100);
            }
        }
    }

    @Test
    void aSecondDeviceIsRefusedWithTheReasonWithinAStepAndBehindIt() {
        for (boolean whole : new boolean[] {false, true}) {
            try (NDManager manager = NDManager.newBaseManager()) {
                Block block = twoParameters(manager);
                try (RuleOptimizer optimizer = totals(block)) {
                    Parameter first = block.getParameters().valueAt(0);
                    update(optimizer, block, "01Linear_weight", 2, 3);
                    if (whole) {
                        update(optimizer, block, "01Linear_bias", 6);
                    }
                    List<float[]> before = Networks.values(block);
                    assertThatIllegalStateException()
                            .isThrownBy(
                                    () ->
                                            optimizer.update(
                                                    new StateKey(first.getId(), Device.gpu(0)),
                                                    first.getArray(),
                                                    first.getArray()))
                            .withMessageContaining("\"totals\" works on the whole network")
                            .withMessageContaining("one device");
                    assertThat(Networks.values(block)).containsExactlyElementsOf(before);
                }
            }
        }
    }

    @Test
    void numbersAreSavedAndComeBackToTheBit() throws IOException {
        Path file = directory.resolve("state.npz");
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            try (RuleOptimizer optimizer = totals(block);
                    RuleOptimizer resumed = totals(block)) {
                update(optimizer, block, "01Linear_weight", 0.1f, 0.7f);
                update(optimizer, block, "01Linear_bias", 1e-9f);
                double total = optimizer.networkNumber("total");
                assertThat(total).isNotEqualTo((float) total);
                optimizer.save(file);
                resumed.load(file);
                assertThat(resumed.networkNumber("total")).isEqualTo(total);
                assertThat(resumed.networkNumber("steps")).isEqualTo(101);

                // Also before a step was made with them, and without them the file is refused.
                resumed.save(file);
                optimizer.load(file);
                assertThat(optimizer.networkNumber("total")).isEqualTo(total);
                StateFile saved = StateFile.read(file, manager, "a state");
                Map<String, NDArray> others = new LinkedHashMap<>(saved.arrays());
                assertThat(others.remove("networkNumbers/total")).isNotNull();
                StateFile.write(file, others, saved.configuration());
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> resumed.load(file))
                        .withMessageContaining("nothing as networkNumbers/total");
                assertThat(resumed.networkNumber("total")).isEqualTo(total);
            }
        }
    }

    @Test
    void itNeedsTheNetworkAndKnowsItsNumbersOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuleOptimizer.builder().setRule(new Totals()).build())
                .withMessageContaining("\"totals\" works on the whole network")
                .withMessageContaining("optBlock");
        try (RuleOptimizer optimizer = totals(Networks.mlp(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> optimizer.networkNumber("sum"))
                    .withMessageContaining("\"sum\"")
                    .withMessageContaining("[total, steps, rate]");
        }
    }

    /** A rule that breaks its word. */
    private record Faulty(List<Slot> slots, List<NetworkNumber> networkNumbers, String theAverage)
            implements UpdateRule {

        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Optional<String> average() {
            return Optional.ofNullable(theAverage);
        }

        @Override
        public void update(Step s) {
            s.addToSum("gradients", s.gradients(), s.constant(1));
        }
    }

    private static RuleOptimizer faulty(Block block, Faulty rule) {
        return RuleOptimizer.builder().setRule(rule).optBlock(block).build();
    }

    @Test
    void rulesThatDoNotFitTogetherAreRefusedInWords() {
        Block none = Networks.mlp(1);
        NetworkNumber number = new NetworkNumber("d", 1);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> faulty(none, new Faulty(List.of(), List.of(number, number), null)))
                .withMessageContaining("of the name \"d\"");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                faulty(
                                        none,
                                        new Faulty(
                                                List.of(Slot.zeros("d")), List.of(number), null)))
                .withMessageContaining("of the name \"d\"");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> faulty(none, new Faulty(List.of(Slot.zeros("x")), List.of(), "x")))
                .withMessageContaining("\"x\" its average");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NetworkNumber("d", Double.NaN))
                .withMessageContaining("finite");
        assertThatIllegalArgumentException().isThrownBy(() -> new NetworkNumber("step", 1));
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = twoParameters(manager);
            try (RuleOptimizer optimizer = faulty(block, new Faulty(List.of(), List.of(), null))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> update(optimizer, block, "01Linear_bias", 1))
                        .withMessageContaining("networkNumbers()");
            }
        }
    }
}
