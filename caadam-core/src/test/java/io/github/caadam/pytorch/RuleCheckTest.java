// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Logs;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.RuleOptimizer;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.NetworkStep;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.ArrayStep;
import io.github.caadam.spi.ArrayWholeStep;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.MeanSquaredError;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that come out differently by arrays and by a program are refused, as are broken ones. */
class RuleCheckTest {

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final TestData data = TestData.regression(manager, 40, 4, 2);

    @AfterEach
    void close() {
        manager.close();
    }

    /** Rules that break their word. */
    private enum Faulty implements UpdateRule {
        /** Twice the step where it is made of arrays. */
        LARGER_STEPS("computes something else than single operations do") {
            @Override
            public void update(Step s) {
                double k = s instanceof ArrayStep ? -0.02 : -0.01;
                s.addInPlace(s.weights(), s.gradients(), s.constant(k));
            }
        },
        /** The weights come out alike in the first step, the slot does not. */
        ANOTHER_SLOT("computes something else than single operations do") {
            @Override
            public void update(Step s) {
                s.addInPlace(s.weights(), s.slot("velocity"), s.constant(-0.01));
                s.mulInPlace(s.slot("velocity"), s instanceof ArrayStep ? 0.9 : 0.8);
                s.addInPlace(s.slot("velocity"), s.gradients(), s.constant(1));
            }
        },
        /** Not a number in the program alone. */
        NOT_A_NUMBER("computes something else than single operations do: NaN") {
            @Override
            public void update(Step s) {
                Operand direction =
                        s instanceof ArrayStep
                                ? s.gradients()
                                : s.sqrt(
                                        s.add(s.mul(s.gradients(), s.constant(0)), s.constant(-1)));
                s.addInPlace(s.weights(), direction, s.constant(-0.01));
            }
        },
        /** Weights and slots come out alike in the first step, a number of the network does not. */
        ANOTHER_NUMBER("computes something else than single operations do") {
            @Override
            public List<NetworkNumber> networkNumbers() {
                return List.of(new NetworkNumber("d", 1));
            }

            @Override
            public void settle(NetworkStep s) {
                double k = s instanceof ArrayWholeStep ? 2 : 3;
                s.set("d", s.mul(s.networkNumber("d"), s.constant(k)));
            }

            @Override
            public void update(Step s) {
                s.addInPlace(s.weights(), s.gradients(), s.constant(-0.01));
            }
        },
        /** Infinite where it is made of arrays. */
        INFINITE_BY_ARRAYS("computes something else than single operations do") {
            @Override
            public void update(Step s) {
                Operand none = s.mul(s.gradients(), s.constant(0));
                Operand direction =
                        s instanceof ArrayStep ? s.div(s.gradients(), none) : s.gradients();
                s.addInPlace(s.weights(), direction, s.constant(-0.01));
            }
        };

        private final String reason;

        Faulty(String reason) {
            this.reason = reason;
        }

        @Override
        public List<Slot> slots() {
            return List.of(Slot.zeros("velocity"));
        }

        private StatefulOptimizer create(Block block) {
            return RuleOptimizer.builder()
                    .setRule(this)
                    .optBlock(block)
                    .optLearningRateTracker(Tracker.fixed(0.01f))
                    .build();
        }
    }

    /** But for one that breaks all weights. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INFINITE_BY_ARRAYS")
    void fusedTrainersFallBackAndSaySoOnce(Faulty rule) {
        String log =
                Logs.of(
                        () -> {
                            try (Executions executions = executions(rule)) {
                                executions.train(data, 3);

                                assertThat(executions.fallbackReason())
                                        .hasValueSatisfying(
                                                reason ->
                                                        assertThat(reason)
                                                                .contains(rule.name())
                                                                .contains(rule.reason));
                                // Both step parameter by parameter, from equal gradients.
                                executions.requireSame(0);
                            }
                        });

        assertThat(log).containsOnlyOnce("Steps are made parameter by parameter");
    }

    @ParameterizedTest
    @EnumSource
    void epochsAreNotCompiled(Faulty rule) {
        Block block = Networks.initialized(manager, Networks.mlp(5, 2), new Shape(1, 4));
        List<float[]> before = Networks.values(block);
        try (StatefulOptimizer optimizer = rule.create(block)) {
            assertThatExceptionOfType(NotAcceleratedException.class)
                    .isThrownBy(
                            () ->
                                    CompiledEpoch.compile(
                                            block, new MeanSquaredError(), optimizer, 16))
                    .satisfies(e -> assertThat(e.part()).isEqualTo("optimizer"))
                    .withMessageContaining("\"" + rule.name() + "\"")
                    .withMessageContaining(rule.reason);
        }
        assertThat(Networks.values(block)).containsExactlyElementsOf(before);
    }

    /** In steps parameter by parameter it is no fault. */
    private record RateSquared() implements UpdateRule {

        @Override
        public String name() {
            return "rate squared";
        }

        @Override
        public void update(Step s) {
            s.addInPlace(s.weights(), s.gradients(), s.number(n -> -n.rate() * n.rate()));
        }

        private static StatefulOptimizer create(Block block, ScalingStrategy scaling) {
            return RuleOptimizer.builder()
                    .setRule(new RateSquared())
                    .optBlock(block)
                    .optScaling(scaling)
                    .optLearningRateTracker(Tracker.fixed(1))
                    .build();
        }
    }

    /** The program has the rate at 0 and 1 only. */
    @Test
    void aStepThatIsNotProportionalToARateThatMovesIsRefused() {
        Block block = Networks.initialized(manager, Networks.mlp(5, 2), new Shape(1, 4));
        try (StatefulOptimizer moving =
                        RateSquared.create(block, ScalingStrategy.relativeStep(0.1));
                StatefulOptimizer fixed =
                        RateSquared.create(block, ScalingStrategy.relativeStepAtStart(0.1))) {
            assertThatExceptionOfType(NotAcceleratedException.class)
                    .isThrownBy(
                            () -> CompiledEpoch.compile(block, new MeanSquaredError(), moving, 16))
                    .satisfies(e -> assertThat(e.part()).isEqualTo("optimizer"))
                    .withMessageContaining("proportional to a learning rate that follows");
            assertThatNoException()
                    .isThrownBy(
                            () ->
                                    CompiledEpoch.compile(block, new MeanSquaredError(), fixed, 16)
                                            .close());
        }
    }

    private static Executions executions(Faulty rule) {
        return new Executions(
                () -> Networks.mlp(5, 2),
                rule::create,
                block -> new MeanSquaredError(),
                16,
                new Shape(4));
    }
}
