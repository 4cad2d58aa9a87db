// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.TrainingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every option of the library's builders reaches the optimizer. */
class LibraryOptimizerTest {

    private static Map<String, Object> describe(String name, Map<String, Object> options) {
        Component optimizer = Suite.CATALOG.named(Kind.OPTIMIZER, name, options);
        TrainingContext context =
                new TrainingContext(
                        Suite.block("mlp:4", new Shape(8), 1, 0),
                        Tracker.fixed(0.01f),
                        10,
                        10,
                        64,
                        3,
                        Device.cpu());
        try (StatefulOptimizer created =
                (StatefulOptimizer)
                        optimizer
                                .factory(OptimizerFactory.class)
                                .create(context, optimizer.options())) {
            return created.describe();
        }
    }

    /** Values that are no default, in the words of a study. */
    private static Map<String, Object> others() {
        Map<String, Object> others = new HashMap<>();
        others.put("learning-rate", 0.5);
        others.put("weight-decay", 0.25);
        others.put("weight-decays", 0.125);
        others.put("clip-grad", 4);
        others.put("clip-norm", 2);
        others.put("global-clip-norm", 8);
        others.put("rescale-grad", 0.5);
        others.put("gradient-accumulation-steps", 3);
        others.put("begin-num-update", 5);
        others.put("weight-average", 0.75);
        others.put("decay-exclusions", List.of("bias$"));
        others.put("factor-bounds", List.of(0.5, 2));
        others.put("factor-overrides", Map.of("bias$", "0.25"));
        others.put("beta1", 0.5);
        others.put("beta2", 0.625);
        others.put("epsilon", 0.0625);
        others.put("epsilon-placement", "bias-corrected");
        others.put("amsgrad", true);
        others.put("convention", "reference");
        others.put("gamma", 0.375);
        others.put("factors", "averaged");
        others.put(
                "scaling",
                Map.of("name", "depth", "options", Map.of("gamma", 0.375, "factors", "reversed")));
        return others;
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "adamw", "adamax", "nadam", "lion", "caadam", "caadam:depth"})
    void allOptionsOfTheBuildersReachTheOptimizer(String name) {
        Map<String, Object> scaling =
                name.equals("caadam") ? Map.of("scaling", Map.of("name", "none")) : Map.of();
        Map<String, Object> plain = describe(name, scaling);
        List<Option<?>> declared = Suite.CATALOG.entry(Kind.OPTIMIZER, name).factory().options();
        for (Option<?> option : declared) {
            Map<String, Object> given = new HashMap<>(scaling);
            assertThat(others()).as("a value of " + option.name()).containsKey(option.name());
            given.put(option.name(), others().get(option.name()));
            if (option.name().equals("decay-exclusions")) {
                given.put("weight-decay", 0.25);
            }
            if (option.name().equals("weight-decays")) {
                given.put("weight-decay", 0);
            }
            if (option.name().equals("factor-bounds") && name.equals("caadam")) {
                given.put("scaling", Map.of("name", "depth"));
            }
            Map<String, Object> described = describe(name, given);
            // Neither is a part of the configuration.
            boolean silent = List.of("learning-rate", "begin-num-update").contains(option.name());
            // Bounds without a scaling bound nothing.
            boolean unscaled =
                    option.name().equals("factor-bounds")
                            && List.of("adamax", "nadam", "lion").contains(name);
            if (silent || unscaled) {
                assertThat(described).as(option.name()).isEqualTo(plain);
            } else {
                assertThat(described).as(option.name()).isNotEqualTo(plain);
            }
        }
    }

    @Test
    void optionsBecomeWhatTheirNamesSay() {
        Map<String, Object> given = others();
        given.keySet().removeAll(List.of("scaling", "factor-bounds", "factor-overrides"));
        given.keySet().removeAll(List.of("clip-norm", "global-clip-norm", "weight-decays"));

        assertThat(describe("caadam:depth", given).toString())
                .contains("strategy=averaged")
                .contains("strategy=depth, gamma=0.375")
                .contains("convention=REFERENCE")
                .contains("beta1=0.5, beta2=0.625, epsilon=0.0625")
                .contains("epsilonPlacement=BIAS_CORRECTED, amsgrad=true")
                .contains("decoupledWeightDecay=0.25")
                .contains("bias$")
                .contains("rescaleGradient=0.5")
                .contains("clipValue=4.0");
    }

    /** What was not there when runs were made is no part of them where it changes nothing. */
    @Test
    void laterOptionsAreNoPartOfAnIdentityAtTheirDefaults() {
        Component optimizer =
                Suite.CATALOG.named(Kind.OPTIMIZER, "adam", Map.of("beta1", 0.9, "amsgrad", false));

        assertThat(new TreeSet<>(optimizer.options().identity().keySet()))
                .containsExactly("epsilon", "epsilon-placement", "learning-rate", "weight-decay");
        assertThat(optimizer.with(Map.of("beta1", 0.8)).identity().toString())
                .contains("\"beta1\":0.8");
        assertThat(optimizer.with(Map.of("clip-norm", 1)).identity().toString())
                .contains("\"clip-norm\":1.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "depth | depth | PAPER",
                "none | none | PAPER",
            })
    void scalingsAreNamed(String name, String strategy, String convention) {
        Map<String, Object> described = describe("lion", Map.of("scaling", Map.of("name", name)));

        assertThat(described.get("scaling").toString()).contains("strategy=" + strategy);
        assertThat(described).containsEntry("convention", convention);
    }

    @Test
    void relativeStepsHaveAFloorAndARateRelativeToOne() {
        Map<String, Object> scaling =
                Map.of(
                        "name",
                        "relative-step",
                        "options",
                        Map.of("gamma", 0.08, "floor", 0.01, "convention", "reference"));

        assertThat(describe("lion", Map.of("scaling", scaling, "learning-rate", 1)))
                .containsEntry(
                        "scaling",
                        Map.of("strategy", "relative-step", "kappa", 0.08, "floor", 0.01));
        assertThat(describe("caadam:relative-step-at-start", Map.of("gamma", 0.12)))
                .containsEntry(
                        "scaling",
                        Map.of(
                                "strategy",
                                "relative-step-at-start",
                                "kappa",
                                0.12,
                                "floor",
                                0.001));
        assertThat(
                        Suite.CATALOG
                                .named(Kind.OPTIMIZER, "caadam:relative-step", Map.of())
                                .options()
                                .asMap())
                .containsEntry("learning-rate", 1.0)
                .containsEntry("gamma", 0.1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> describe("lion", Map.of("scaling", scaling)))
                .withMessageContaining("write learning-rate: 1.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> describe("caadam:relative-step", Map.of("learning-rate", 0.001)))
                .withMessageContaining("write learning-rate: 1.");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                describe(
                                        "lion",
                                        Map.of(
                                                "scaling",
                                                Map.of(
                                                        "name",
                                                        "depth",
                                                        "options",
                                                        Map.of("floor", 1)))))
                .withMessageContaining("The scaling depth has no floor; relative-step has.");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> describe("caadam:relative-step", Map.of("factors", "weights-only")))
                .withMessageContaining("cannot be for a part of the parameters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> describe("caadam:relative-step", Map.of("factors", "averaged")))
                .withMessageContaining("depend on the current weights and cannot be averaged");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> describe("adamw", Map.of("weight-decays", 0.1)))
                .withMessageContaining("do not go together; set one of them to 0.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> describe("lion", Map.of("scaling", "cubic")))
                .withMessageContaining("Unknown scaling \"cubic\"; valid are: none, additive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> describe("adam", Map.of("factor-bounds", List.of(1))))
                .withMessageContaining("\"factor-bounds\" must be two numbers, found [1.0].");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> describe("adam", Map.of("factor-overrides", Map.of("a", "b"))))
                .withMessageContaining("must be a number, found \"b\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> describe("nadam", Map.of("factors", "reversed")))
                .withMessageContaining("There is no option \"factors\"");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                describe(
                                        "caadam:gradient-concentration",
                                        Map.of("factors", "reversed")))
                .withMessageContaining("depend on the current gradient");
    }
}
