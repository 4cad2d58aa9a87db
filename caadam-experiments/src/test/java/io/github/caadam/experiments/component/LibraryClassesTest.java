// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.nn.core.Linear;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.TrainingContext;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryClassesTest {

    private static final Catalog CATALOG = Catalog.ofSuite();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adadelta",
                "adagrad",
                "lamb",
                "muon",
                "nadamw",
                "prodigy",
                "radam",
                "rmsprop",
                "schedulefreeadamw",
                "sgd"
            })
    void namesOfTheLibraryAreItsOwnOptimizers(String name) {
        Component component = CATALOG.named(Kind.OPTIMIZER, name, Map.of("learning-rate", 0.01));

        try (StatefulOptimizer optimizer = (StatefulOptimizer) create(component)) {
            assertThat(optimizer.getClass().getPackageName())
                    .isEqualTo("io.github.caadam.optimizer");
            assertThat(component.code()).isEmpty();
        }
    }

    @Test
    void optionsAreThoseOfTheBuilder() {
        Component component =
                CATALOG.named(
                        Kind.OPTIMIZER,
                        "sgd",
                        Map.of("learning-rate", 0.01, "momentum", 0.9, "nesterov", true));

        try (StatefulOptimizer optimizer = (StatefulOptimizer) create(component)) {
            assertThat(optimizer.describe()).containsEntry("momentum", 0.9);
        }
    }

    private static Optimizer create(Component component) {
        TrainingContext context =
                new TrainingContext(
                        Linear.builder().setUnits(1).build(),
                        Tracker.fixed(0.01f),
                        1,
                        1,
                        1,
                        0,
                        Device.cpu());
        return component.factory(OptimizerFactory.class).create(context, component.options());
    }
}
