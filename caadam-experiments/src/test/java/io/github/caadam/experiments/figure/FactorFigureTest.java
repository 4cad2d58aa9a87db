// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.experiments.Suite;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

class FactorFigureTest {

    private static final Map<String, ScalingStrategy> ADDITIVE =
            Map.of("additive", ScalingStrategy.additive(0.95));

    @TempDir private Path directory;

    @Test
    void weightsAndOtherParametersAreTwoSeriesInForwardOrder() {
        XYChart chart = figure("mlp:64-32", StructureConvention.PAPER).chart();

        // The factors of docs: 1.0, 0.05, 1.95 for the weights, and the same for their biases.
        assertThat(chart.getSeries("additive, weights").getXData()).containsExactly(1, 3, 5);
        assertThat(chart.getSeries("additive, weights").getYData())
                .containsExactly(new double[] {1.0, 0.05, 1.95}, within(1e-9));
        assertThat(chart.getSeries("additive, 1-D").getXData()).containsExactly(2, 4, 6);
        assertThat(chart.getStyler().isYAxisLogarithmic()).isTrue();
        assertThat(chart.getStyler().getXAxisTickLabelsFormattingFunction().apply(3.0))
                .isEqualTo("03Linear_weight");
    }

    @Test
    void filesAreNamedByModelAndConvention() throws IOException {
        assertThat(
                        FactorFigure.write(
                                "mlp:64-32",
                                structure("mlp:64-32", StructureConvention.REFERENCE),
                                ADDITIVE,
                                directory.resolve("new")))
                .containsExactly(
                        directory.resolve("new/factors-mlp-64-32-reference.png"),
                        directory.resolve("new/factors-mlp-64-32-reference.svg"),
                        directory.resolve("new/factors-mlp-64-32-reference.csv"));

        WrittenFigure written =
                WrittenFigure.read(directory.resolve("new"), "factors-mlp-64-32-reference");
        assertThat(written.text())
                .contains("Factors of mlp:64-32, convention reference")
                .contains("additive")
                .contains("6 trainable tensors, 2689 values");
        // The colour of additive: a curve through the weights, and its sample in the legend.
        assertThat(written.curves("#009e73")).isGreaterThanOrEqualTo(2);
        assertThat(written.pixelColors()).contains(0x009e73);
    }

    @Test
    void manyParametersAreNumbered() {
        XYChart chart = figure("resnet20", StructureConvention.PAPER).chart();

        assertThat(chart.getSeries("additive, weights").getXData()).hasSize(22);
        assertThat(chart.getSeries("additive, 1-D").getXData()).hasSize(64);
        assertThat(chart.getStyler().getXAxisTickLabelsFormattingFunction()).isNull();
    }

    private static Figure figure(String model, StructureConvention convention) {
        return FactorFigure.of(model, structure(model, convention), ADDITIVE);
    }

    private static NetworkStructure structure(String model, StructureConvention convention) {
        Block block = Suite.block(model, 0);
        Shape sample = Suite.example(Suite.model(model)).sampleShape();
        try (NDManager manager = NDManager.newBaseManager()) {
            block.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(sample));
            return StructureInspector.inspect(block, convention);
        }
    }
}
