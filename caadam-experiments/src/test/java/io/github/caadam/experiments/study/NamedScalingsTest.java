// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.TrainingContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimizer of the library is scaled by any strategy, which a study names. */
class NamedScalingsTest {

    @TempDir private Path directory;

    /** All names of the catalogue but those that have a strategy in them. */
    static List<String> optimizers() {
        return Suite.CATALOG.names(Kind.OPTIMIZER).stream()
                .filter(name -> !name.startsWith("caadam:"))
                .filter(NamedScalingsTest::isOfTheLibrary)
                .toList();
    }

    private static boolean isOfTheLibrary(String name) {
        return !Suite.CATALOG
                .entry(Kind.OPTIMIZER, name)
                .factory()
                .description()
                .startsWith("the class ai.djl.");
    }

    private static Optimizer create(Component optimizer) {
        TrainingContext context =
                new TrainingContext(
                        Suite.block("mlp:4", new Shape(8), 1, 0),
                        Tracker.fixed(0.01f),
                        10,
                        10,
                        64,
                        3,
                        Device.cpu());
        return optimizer.factory(OptimizerFactory.class).create(context, optimizer.options());
    }

    static Stream<Arguments> all() {
        return optimizers().stream()
                .flatMap(name -> Scaling.names().stream().map(one -> Arguments.of(name, one)));
    }

    private Map<String, Object> described(String optimizer, String scaling) {
        String line =
                "{name: " + optimizer + ", options: {learning-rate: 1, scaling: " + scaling + "}}";
        Study study = Yaml.study(directory, "\"mlp:4\"", Yaml.PROTOCOL + "seeds: 2\n", line);
        Component read = study.optimizers().get(0).component();
        try (StatefulOptimizer made = (StatefulOptimizer) create(read)) {
            return made.describe();
        }
    }

    @Test
    void theLibraryHasManyOptimizers() {
        assertThat(optimizers())
                .hasSizeGreaterThan(15)
                .contains("adam", "adamw", "caadam", "lion", "muon", "sgd");
    }

    @ParameterizedTest
    @MethodSource("all")
    void namedStrategiesReachTheOptimizer(String optimizer, String scaling) {
        assertThat(described(optimizer, scaling).get("scaling").toString())
                .startsWith("{strategy=")
                .contains(scaling.startsWith("log-normal") ? "log-normal" : scaling);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void optionsOfAStrategyReachTheOptimizer(String optimizer) {
        Map<String, Object> described =
                described(
                        optimizer,
                        "{name: depth, options:"
                                + " {gamma: 0.375, factors: reversed, convention: reference}}");

        assertThat(described).containsEntry("convention", "REFERENCE");
        assertThat(described.get("scaling").toString())
                .contains("strategy=reversed")
                .contains("strategy=depth, gamma=0.375");
    }

    @Test
    void theConventionOfAnOptimizerIsThatOfItsStrategy() {
        String beside = "depth, convention: reference";

        assertThat(described("sgd", beside)).containsEntry("convention", "REFERENCE");
        assertThat(described("sgd", beside).get("scaling"))
                .isEqualTo(
                        described("sgd", "{name: depth, options: {convention: reference}}")
                                .get("scaling"));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void namesThatAreNoneAreRefusedWithThoseThatAre(String optimizer) {
        assertThatThrownBy(() -> described(optimizer, "cubic"))
                .hasMessageContaining("Unknown scaling \"cubic\"; valid are: none, additive");
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void theOptionSaysWhatItsValuesAre(String optimizer) {
        Option<?> scaling =
                Suite.CATALOG.entry(Kind.OPTIMIZER, optimizer).factory().options().stream()
                        .filter(option -> option.name().equals("scaling"))
                        .findFirst()
                        .orElseThrow();

        assertThat(scaling.description()).contains("none, additive, ", "relative-step");
    }
}
