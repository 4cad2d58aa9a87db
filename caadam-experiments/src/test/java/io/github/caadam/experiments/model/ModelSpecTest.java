// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSpecTest {

    @Test
    void unitsMakeAnMlp() {
        ModelSpec model = ModelSpec.parse("mlp:128-64-32");

        assertThat(model).isEqualTo(new Mlp("mlp:128-64-32", "128-64-32", List.of(128, 64, 32)));
        assertThat(model.defaultInput()).isEqualTo(new Shape(8));
        assertThat(model.defaultOutputs()).isOne();
    }

    static List<String> names() {
        return NamedModel.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesAreRead(String name) {
        ModelSpec model = ModelSpec.parse(name);

        assertThat(model.name()).isEqualTo(name);
        // The paper's tables write it so.
        assertThat(model.architecture()).isEqualTo(name.equals("resnet20") ? "ResNet20" : name);
        assertThat(model).isEqualTo(ModelSpec.parse(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "mlp:", "mlp:64-", "mlp:0", "resnet18", "ResNet20", ""})
    void anythingElseIsRefusedWithTheValidNames(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSpec.parse(name))
                .withMessageContaining("Unknown model \"" + name + "\"")
                .withMessageContaining("mlp:64-32")
                .withMessageContaining("resnet20, alexnet");
    }

    @Test
    void samplesOfAnotherNumberOfDimensionsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSpec.parse("resnet20").newBlock(new Shape(8), 10, 0))
                .withMessage(
                        "The model resnet20 takes samples of a shape such as (3, 32, 32), found"
                                + " (8).");
    }
}
