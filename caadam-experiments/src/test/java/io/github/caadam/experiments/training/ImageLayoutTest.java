// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.api.Test;

class ImageLayoutTest {

    @Test
    void changesNeitherShapeNorValues() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = manager.arange(2 * 3 * 4 * 5f).reshape(2, 3, 4, 5);

            NDArray laidOut = ImageLayout.channelsLast(images);

            assertThat(laidOut).isNotSameAs(images);
            assertThat(laidOut.getShape()).isEqualTo(images.getShape());
            assertThat(laidOut.toFloatArray()).isEqualTo(images.toFloatArray());
            assertThat(laidOut.get("1:").toFloatArray()).isEqualTo(images.get("1:").toFloatArray());
        }
    }

    @Test
    void aConvolutionKeepsToIt() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray images = manager.arange(2 * 3 * 4 * 5f).reshape(2, 3, 4, 5).div(100);
            Conv2d convolution =
                    Conv2d.builder().setFilters(2).setKernelShape(new Shape(3, 3)).build();
            convolution.initialize(manager, images.getDataType(), images.getShape());
            ParameterStore parameters = new ParameterStore(manager, false);

            NDArray plain = convolution.forward(parameters, new NDList(images), false).head();
            NDArray laidOut =
                    convolution
                            .forward(
                                    parameters, new NDList(ImageLayout.channelsLast(images)), false)
                            .head();

            // Within float32 rounding of sums of 27 products.
            assertThat(laidOut.allClose(plain, 1e-5, 1e-6, false)).isTrue();
        }
    }

    @Test
    void whatIsNoImageStaysAsItIs() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray table = manager.ones(new Shape(4, 8));

            assertThat(ImageLayout.channelsLast(table)).isSameAs(table);
        }
    }
}
