package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
                    .extracting(UpdatePlan.Entry::decay)
                    .containsExactly(0.25f, 0f, 0.25f, 0f);
            assertThat(plan.entries()).extracting(UpdatePlan.Entry::step).containsOnly(3);
            assertThat(plan.entries().get(2).rate(2)).isEqualTo(2.5f);
            assertThat(plan.entries().get(2).scaledRate(2)).isEqualTo(1.25f);
            assertThat(plan.entries().get(0).state()).hasSize(2);
            assertThat(plan.settings()).isSameAs(optimizer.settings());
        }
    }

    @Test
    void stepsMadeElsewhereCount() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerKind.NADAM.create(replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer whole = OptimizerKind.NADAM.create(other.block())) {
            whole.plan(weights(other)).advance(2);
            other.step(whole, 2, 4);

            optimizer.plan(weights(replay)).advance(1);
            optimizer.plan(weights(replay)).advance(1);
            replay.step(optimizer, 2, 4);

            assertThat(replay.weights()).usingRecursiveComparison().isEqualTo(other.weights());
            assertThat(optimizer.plan(weights(replay)).entries())
                    .extracting(UpdatePlan.Entry::step)
                    .containsOnly(4);
        }
    }

    /** What a plan's executor computes from them is the step of the engine's kernel. */
    @ParameterizedTest
    @EnumSource(
            value = OptimizerKind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = "CAADAM_GRADIENT_AWARE")
    void coefficientsAreThoseOfTheNextStep(OptimizerKind kind) {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            replay.step(optimizer, 0, 3);
            UpdatePlan.Entry entry = optimizer.plan(weights(replay)).entries().get(0);
            float[] before = entry.weight().toFloatArray();
            StepCoefficients coefficients = entry.coefficients(1);
            StepCoefficients later = entry.coefficients(2);

            replay.step(optimizer, 3, 4);

            OptimizerSettings settings = optimizer.settings();
            float[] gradients = replay.firstGradient(3);
            float[] moments = entry.state().get(0).toFloatArray();
            float[] seconds = entry.state().get(entry.state().size() - 1).toFloatArray();
            double norm = 0;
            for (float gradient : gradients) {
                norm += (double) gradient * gradient;
            }
            float[] after = entry.weight().toFloatArray();
            for (int i = 0; i < after.length; i++) {
                double gradient = gradients[i] * settings.rescaleGradient();
                if (settings.clipValue() >= 0) {
                    gradient = Math.max(-settings.clipValue(), gradient);
                    gradient = Math.min(settings.clipValue(), gradient);
                }
                if (settings.clipNorm() >= 0) {
                    gradient *=
                            settings.clipNorm() / Math.max(settings.clipNorm(), Math.sqrt(norm));
                }
                gradient += settings.weightDecay() * before[i];
                double root =
                        settings.algorithm() == Algorithm.ADAMAX
                                ? seconds[i]
                                : Math.sqrt(seconds[i]);
                double step =
                        (coefficients.moment() * moments[i] + coefficients.gradient() * gradient)
                                / (root + coefficients.epsilon());
                // Weights of about 1 in single precision, and a few roundings on the way.
                assertThat((double) after[i])
                        .isCloseTo((1 - coefficients.decay()) * before[i] - step, within(1e-6));
            }
            assertThat(entry.coefficients(1)).isEqualTo(later);
        }
    }

    @Test
    @SuppressWarnings("try") // An optimizer may be closed in between; it starts anew.
    void aPlanIsStaleOnceTheOptimizerIsClosed() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerKind.CAADAM.create(replay.block())) {
            UpdatePlan plan = optimizer.plan(weights(replay));
            assertThat(plan.isStale()).isFalse();

            optimizer.close();

            assertThat(plan.isStale()).isTrue();
            assertThat(optimizer.plan(weights(replay)).isStale()).isFalse();
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

            assertThat(optimizer.plan(weights(replay)).entries())
                    .extracting(entry -> entry.rate(1))
                    .containsOnly(2f);
        }
    }

    @Test
    void factorsThatDependOnTheGradientCannotBePlanned() {
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        OptimizerKind.CAADAM_GRADIENT_AWARE.create(replay.block())) {
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
