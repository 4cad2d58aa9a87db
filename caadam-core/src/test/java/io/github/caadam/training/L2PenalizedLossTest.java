// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import io.github.caadam.HeldParameters;
import io.github.caadam.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class L2PenalizedLossTest {

    @Test
    void addsTheSquaresOfThePenalizedParametersAlone() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = Networks.initialized(manager, Networks.mlp(2, 1), new Shape(1, 1));
            block.getParameters().get("01Linear_weight").getArray().set(new float[] {1, 2});
            block.getParameters().get("03Linear_weight").getArray().set(new float[] {3, 4});
            block.getParameters().get("03Linear_bias").getArray().set(new float[] {100});
            L2PenalizedLoss loss =
                    new L2PenalizedLoss(new MeanSquaredError(), block, 0.5f, "_weight$");
            NDList labels = new NDList(manager.zeros(new Shape(1, 1)));
            NDList predictions = new NDList(manager.ones(new Shape(1, 1)));

            // 1 + 0.5·(1 + 4 + 9 + 16)
            assertThat(loss.evaluate(labels, predictions).getFloat()).isCloseTo(16f, within(1e-5f));
            assertThat(loss.penalized()).hasSize(2);
            assertThat(loss.lambda()).isEqualTo(0.5f);
            assertThat(loss.loss()).isInstanceOf(MeanSquaredError.class);
        }
    }

    @Test
    void isDifferentiated() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = Networks.initialized(manager, Networks.mlp(1), new Shape(1, 1));
            NDArray weight = block.getParameters().get("01Linear_weight").getArray();
            weight.set(new float[] {3});
            L2PenalizedLoss loss =
                    new L2PenalizedLoss(new MeanSquaredError(), block, 0.5f, "weight");
            NDList labels = new NDList(manager.zeros(new Shape(1, 1)));
            NDList predictions = new NDList(manager.ones(new Shape(1, 1)));
            weight.setRequiresGradient(true);
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                collector.backward(loss.evaluate(labels, predictions));
            }

            assertThat(weight.getGradient().toFloatArray()).containsExactly(3f);
        }
    }

    /** What is computed of a parameter would otherwise stay as long as the parameter. */
    @Test
    void leavesNothingWithTheManagerOfTheParameters() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = Networks.initialized(manager, Networks.mlp(2, 1), new Shape(1, 1));
            L2PenalizedLoss loss =
                    new L2PenalizedLoss(new MeanSquaredError(), block, 0.5f, "_weight$");
            List<NDArray> before = manager.getManagedArrays();
            assertThat(before).contains(block.getParameters().get("01Linear_weight").getArray());

            try (NDManager step = manager.newSubManager()) {
                NDList ones = new NDList(step.ones(new Shape(1, 1)));
                assertThat(loss.evaluate(ones, ones).getManager()).isSameAs(step);
            }

            assertThat(manager.getManagedArrays()).hasSameSizeAs(before);
        }
    }

    @Test
    void sharedParameterIsPenalizedOnceWhicheverOfItsPathsMatches() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = HeldParameters.tiedEmbedding();
            Networks.initialized(manager, block, new Shape(1));
            NDList ones = new NDList(manager.ones(new Shape(1, 1)));

            for (String pattern : List.of("embedding", "^03")) {
                L2PenalizedLoss loss =
                        new L2PenalizedLoss(new MeanSquaredError(), block, 0.5f, pattern);

                // 15 ones
                assertThat(loss.penalized()).hasSize(1);
                assertThat(loss.evaluate(ones, ones).getFloat()).isEqualTo(7.5f);
            }
        }
    }

    @Test
    void networksInDoublePrecisionStayThere() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = Networks.mlp(1);
            block.initialize(manager, DataType.FLOAT64, new Shape(1, 1));
            NDArray weight = block.getParameters().get("01Linear_weight").getArray();
            weight.set(new double[] {1 + 1e-12});
            weight.setRequiresGradient(true);
            L2PenalizedLoss loss =
                    new L2PenalizedLoss(new MeanSquaredError(), block, 0.5f, "weight");
            NDList ones = new NDList(manager.ones(new Shape(1, 1), DataType.FLOAT64));
            try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
                NDArray value = loss.evaluate(ones, ones);
                collector.backward(value);

                assertThat(value.getDataType()).isEqualTo(DataType.FLOAT64);
                assertThat(value.toDoubleArray()[0]).isCloseTo(0.5 + 1e-12, within(1e-15));
            }
            assertThat(weight.getGradient().toDoubleArray()[0]).isCloseTo(1 + 1e-12, within(1e-15));
        }
    }

    @Test
    void weightsWithoutElementsAddNothing() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = new HeldParameters(HeldParameters.weight("empty", new Shape(0, 3)));
            Networks.initialized(manager, block, new Shape(1));
            L2PenalizedLoss loss =
                    new L2PenalizedLoss(new MeanSquaredError(), block, 0.5f, "empty");
            NDList ones = new NDList(manager.ones(new Shape(1, 1)));

            assertThat(loss.evaluate(ones, ones).getFloat()).isZero();
        }
    }

    @Test
    void nothingMayBeNull() {
        Block block = Networks.mlp(1);
        MeanSquaredError loss = new MeanSquaredError();
        assertThatNullPointerException()
                .isThrownBy(() -> new L2PenalizedLoss(null, block, 1, "weight"))
                .withMessage("loss");
        assertThatNullPointerException()
                .isThrownBy(() -> new L2PenalizedLoss(loss, null, 1, "weight"))
                .withMessage("block");
        assertThatNullPointerException()
                .isThrownBy(() -> new L2PenalizedLoss(loss, block, 1, null))
                .withMessage("pathPattern");
    }

    @Test
    void withoutMatchesItIsTheLossAlone() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = Networks.initialized(manager, Networks.mlp(1), new Shape(1, 1));
            L2PenalizedLoss loss =
                    new L2PenalizedLoss(new MeanSquaredError(), block, 0.5f, "Conv2d");
            NDList ones = new NDList(manager.ones(new Shape(1, 1)));

            assertThat(loss.evaluate(ones, ones).getFloat()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, Float.NaN, Float.POSITIVE_INFINITY})
    void penaltiesMustNotBeNegative(float lambda) {
        Block block = Networks.mlp(1);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new L2PenalizedLoss(new MeanSquaredError(), block, lambda, "weight"))
                .withMessageContaining("penalty must be a finite number, 0 or more");
    }
}
