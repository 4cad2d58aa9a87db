// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {

    @Test
    void unitsMakeAnMlp() {
        Component model = Suite.model("mlp:128-64-32");

        assertThat(model.factory(ModelFactory.class))
                .isEqualTo(new Mlp("128-64-32", List.of(128, 64, 32)));
        assertThat(model.factory(ModelFactory.class).title()).isEqualTo("128-64-32");
        assertThat(Suite.example(model).sampleShape()).isEqualTo(new Shape(8));
        assertThat(Suite.example(model).outputs()).isOne();
    }

    static List<String> names() {
        return Suite.CATALOG.entries(Kind.MODEL).stream()
                .map(Catalog.Entry::factory)
                .map(factory -> factory.name())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesAreFound(String name) {
        Component model = Suite.model(name);

        assertThat(model.reference()).isEqualTo(name);
        // The paper's tables write it so.
        assertThat(model.factory(ModelFactory.class).title())
                .isEqualTo(name.equals("resnet20") ? "ResNet20" : name);
        assertThat(model).isEqualTo(Suite.model(name));
        assertThat(Suite.example(model).outputs()).isGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "mlp:", "mlp:64-", "mlp:0", "resnet18", "ResNet20", ""})
    void anythingElseIsRefusedWithTheValidNames(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Suite.model(name))
                .withMessageContaining("There is no model \"" + name + "\"")
                .withMessageContaining("mlp:64-32")
                .withMessageContaining("alexnet, ");
    }

    @Test
    void samplesOfAnotherNumberOfDimensionsAreRefused() {
        DataSignature table =
                new DataSignature(Task.CLASSIFICATION, new Shape(8), 10, TargetScale.NONE);
        DataSignature images =
                new DataSignature(Task.REGRESSION, new Shape(3, 32, 32), 1, TargetScale.NONE);

        assertThat(refusal("resnet20", table)).contains("of a shape such as (3, 32, 32)");
        assertThat(refusal("lenet", table)).contains("of a shape such as (1, 28, 28)");
        assertThat(refusal("mlp:8", images)).contains("of a shape such as (8)");
    }

    private static String refusal(String name, DataSignature data) {
        Component model = Suite.model(name);
        return model.factory(ModelFactory.class).refuses(data, model.options()).orElseThrow();
    }
}
