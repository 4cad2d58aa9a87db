// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.github.caadam.HeldParameters;
import io.github.caadam.Networks;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NetworkParametersTest {

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void layerThatStandsTwiceIsThereOnceUnderItsFirstPath() {
        Block block = Networks.initialized(manager, HeldParameters.layerTwice(), new Shape(1, 8));

        assertThat(NetworkParameters.of(block).all())
                .extracting(NetworkParameters.Named::path)
                .containsExactly(
                        "01Linear_weight", "01Linear_bias", "03Linear_weight", "03Linear_bias");
    }

    @Test
    void parameterOfTwoBlocksIsThereOnceUnderItsFirstPath() {
        Block block = Networks.initialized(manager, HeldParameters.tiedEmbedding(), new Shape(1));

        assertThat(NetworkParameters.of(block).all())
                .extracting(NetworkParameters.Named::path)
                .containsExactly("01HeldParameters_embedding", "02HeldParameters_weight");
    }

    @Test
    void frozenParametersAreNotTrainable() {
        Block block = Networks.initialized(manager, Networks.mlp(4, 1), new Shape(1, 2));
        NetworkParameters parameters = NetworkParameters.of(block);
        assertThat(parameters.trainable()).hasSize(4);

        block.getParameters().get("01Linear_bias").freeze(true);

        assertThat(parameters.trainable())
                .extracting(NetworkParameters.Named::path)
                .containsExactly("01Linear_weight", "03Linear_weight", "03Linear_bias");
        assertThat(parameters.all()).hasSize(4);
    }

    @Test
    void parametersOfTorchScriptHaveAShape() throws Exception {
        Criteria<NDList, NDList> criteria =
                Criteria.builder()
                        .setTypes(NDList.class, NDList.class)
                        .optModelPath(Path.of("src/test/resources/torchscript/residual.pt"))
                        .optEngine("PyTorch")
                        .optDevice(Device.cpu())
                        .optOption("trainParam", "true")
                        .build();
        try (ZooModel<NDList, NDList> model = criteria.loadModel()) {
            NetworkParameters.Named first =
                    NetworkParameters.of(model.getBlock()).trainable().get(0);

            assertThat(first.path()).isEqualTo("stem.0.weight");
            assertThat(first.shape()).isEqualTo(new Shape(4, 3, 3, 3));
            assertThat(first.dataType()).isEqualTo(DataType.FLOAT32);
            assertThat(first.device()).isEqualTo(Device.cpu());
        }
    }

    @Test
    void parametersWithoutValuesAreRefusedByPath() {
        NetworkParameters parameters = NetworkParameters.of(Networks.mlp(1));

        assertThatIllegalStateException()
                .isThrownBy(parameters::all)
                .withMessageContaining("The parameter 01Linear_weight has no values yet");
    }

    @Test
    void twoParametersOfOnePathAreRefusedWhereThePathIsTheKey() {
        Shape shape = new Shape(2);
        // The block's own parameter has the name that its child's gets by the child's place.
        Block parent =
                new HeldParameters(
                        new HeldParameters(HeldParameters.weight("w", shape)),
                        HeldParameters.weight("01Child_w", shape));
        Networks.initialized(manager, parent, shape);

        assertThat(NetworkParameters.of(parent).all()).hasSize(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> NetworkParameters.of(parent).byPath())
                .withMessage(
                        "Two parameters of the block have the path 01Child_w; give"
                                + " its children other names.");
    }

    @Test
    void blockMustNotBeNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> NetworkParameters.of(null))
                .withMessage("block");
    }
}
