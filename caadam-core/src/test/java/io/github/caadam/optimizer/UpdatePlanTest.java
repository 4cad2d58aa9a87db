// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.pytorch.OptimizerCase;
import io.github.caadam.rule.BiasCorrections;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.UpdatePlan;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpdatePlanTest {

    @Test
    void tellsRatesFactorsAndDecayOfStepsToCome() {
        try (GradientReplay replay = new GradientReplay();
                CaAdam optimizer =
                        CaAdam.builder()
                                .setBlock(replay.block())
                                .setScaling(ScalingStrategy.none().overriding("^03", 0.5))
                                .optDecoupledWeightDecay(0.25f)
                                .optLearningRateTracker((Tracker) step -> 0.5f * step)
                                .build()) {
            replay.step(optimizer, 0, 3);

            UpdatePlan plan = optimizer.plan(weights(replay));

            assertThat(plan.entries())
                    .extracting(UpdatePlan.Entry::factor)
                    .containsExactly(1.0, 1.0, 0.5, 0.5);
            assertThat(plan.entries())
                    .extracting(UpdatePlan.Entry::weightDecay)
                    .containsExactly(0.25f, 0f, 0.25f, 0f);
            assertThat(plan.entries()).extracting(UpdatePlan.Entry::step).containsOnly(3);
            plan.rates(1);
            assertThat(plan.rates(2)).containsOnly(2.5f);
            assertThat(plan.entries().get(2).numbers(new BiasCorrections(5), 2.5f).rate())
                    .isEqualTo(1.25);
            assertThat(plan.entries().get(0).slots().arrays()).hasSize(2);
        }
    }

    @Test
    void stepsMadeElsewhereCount() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerCase.NADAM.create(replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer whole = OptimizerCase.NADAM.create(other.block())) {
            whole.plan(weights(other)).advance(2);
            other.step(whole, 2, 4);

            optimizer.plan(weights(replay)).advance(1);
            optimizer.plan(weights(replay)).advance(1);
            replay.step(optimizer, 2, 4);

            assertThat(replay.weights()).containsExactlyElementsOf(other.weights());
            assertThat(optimizer.plan(weights(replay)).entries())
                    .extracting(UpdatePlan.Entry::step)
                    .containsOnly(4);
        }
    }

    @Test
    @SuppressWarnings("try") // Closing twice does nothing.
    void aPlanIsStaleOnceTheOptimizerIsClosed() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        OptimizerCase.CAADAM_ADDITIVE.create(replay.block())) {
            UpdatePlan plan = optimizer.plan(weights(replay));
            assertThat(plan.isStale()).isFalse();

            optimizer.close();

            assertThat(plan.isStale()).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.plan(weights(replay)))
                    .withMessageContaining("was closed");
        }
    }

    @Test
    void scheduleGoesOnForAParameterThatIsUnfrozenLate() {
        try (GradientReplay replay = new GradientReplay();
                CaAdam optimizer =
                        CaAdam.builder()
                                .setBlock(replay.block())
                                .setScaling(ScalingStrategy.none())
                                .optLearningRateTracker((Tracker) step -> 0.5f * step)
                                .build()) {
            Block last = replay.block().getChildren().get("03Linear");
            last.freezeParameters(true);
            replay.step(optimizer, 0, 3);
            last.freezeParameters(false);

            assertThat(optimizer.plan(weights(replay)).rates(1)).containsOnly(2f);
        }
    }

    @Test
    void factorsThatDependOnTheGradientCannotBePlanned() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        OptimizerCase.CAADAM_GRADIENT_AWARE.create(replay.block())) {
            assertThat(optimizer.isPlannable()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.plan(weights(replay)))
                    .withMessageContaining("depend on the gradient");
        }
    }

    private static Map<String, NDArray> weights(GradientReplay replay) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        replay.block()
                .getParameters()
                .values()
                .forEach(parameter -> weights.put(parameter.getId(), parameter.getArray()));
        return weights;
    }
}
