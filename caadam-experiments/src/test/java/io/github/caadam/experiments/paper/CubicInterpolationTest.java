// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CubicInterpolationTest {

    /** Of pixels from 0 to 1; weights and sums in single precision. */
    private static final float TOLERANCE = 1e-6f;

    /** Written by scripts/golden/torch_bicubic.py. */
    static Stream<JsonNode> golden() throws IOException {
        try (InputStream in =
                CubicInterpolationTest.class.getResourceAsStream("/golden/torch-bicubic.json")) {
            return StreamSupport.stream(
                    new ObjectMapper().readTree(in).get("cases").spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void enlargedImagesAreThoseOfPyTorch(JsonNode golden) {
        int size = golden.get("image").size();
        int enlarged = golden.get("enlarged").size();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray image =
                    manager.create(values(golden.get("image")), new Shape(1, 1, size, size));

            NDArray result = new ImagePreprocessing.ResizedToColour(enlarged).apply(image).mul(255);

            float[] expected = values(golden.get("enlarged"));
            assertThat(result.getShape()).isEqualTo(new Shape(1, 3, enlarged, enlarged));
            for (int channel = 0; channel < 3; channel++) {
                assertThat(result.get("0, " + channel).toFloatArray())
                        .containsExactly(expected, within(255 * TOLERANCE));
            }
        }
    }

    @Test
    void aConstantLineStaysConstant() {
        float[] weights = CubicInterpolation.weights(5, 12);

        for (int i = 0; i < 12; i++) {
            float sum = 0;
            for (int j = 0; j < 5; j++) {
                sum += weights[i * 5 + j];
            }
            assertThat(sum).isCloseTo(1, within(TOLERANCE));
        }
    }

    private static float[] values(JsonNode rows) {
        return toFloats(
                StreamSupport.stream(rows.spliterator(), false)
                        .flatMap(row -> StreamSupport.stream(row.spliterator(), false))
                        .mapToDouble(JsonNode::asDouble)
                        .toArray());
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
