// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.ConnectionAwareTracker;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs the snippets of docs/scaling-strategies.md, and holds the page to them. */
class ScalingGuideTest {

    private static final Path PAGE = Path.of("../docs/scaling-strategies.md");
    private static final Path SOURCE =
            Path.of("src/test/java/io/github/caadam/scaling/ScalingGuideTest.java");

    private NDManager manager;
    private Block block;

    @BeforeEach
    void buildNetwork() {
        manager = NDManager.newBaseManager();
        block = Networks.mlp(64, 32, 1);
    }

    @AfterEach
    void closeNetwork() {
        manager.close();
    }

    @Test
    void pageShowsTheSnippetsOfThisTest() throws IOException {
        List<String> shown = new ArrayList<>();
        Matcher fences =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        while (fences.find()) {
            shown.add(fences.group(1));
        }
        List<String> run = new ArrayList<>();
        Matcher snippets =
                Pattern.compile(" *// snippet\n(.*?) *// end", Pattern.DOTALL)
                        .matcher(Files.readString(SOURCE));
        while (snippets.find()) {
            run.add(snippets.group(1).stripTrailing().stripIndent() + "\n");
        }

        assertThat(shown).containsExactlyElementsOf(run).hasSizeGreaterThan(5);
    }

    @Test
    void looksAtTheFactorsBeforeTraining() {
        // snippet
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
        NetworkStructure network = StructureInspector.inspect(block, StructureConvention.PAPER);
        ScalingStrategy scaling = ScalingStrategy.depth(0.95);
        String table = network.toTable("S", parameter -> scaling.factor(parameter, network));
        // end

        // Depth: 1.95^(2/3), 1.95^(1/3), 1.
        assertThat(table).contains("1.5608").contains("1.2493").contains("1.0000");
    }

    @Test
    void findsTheMeanFactor() {
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
        ScalingStrategy scaling = ScalingStrategy.additive();

        // snippet
        NetworkStructure network = StructureInspector.inspect(block, StructureConvention.PAPER);
        double sum = 0;
        for (ParameterStructure parameter : network.parameters()) {
            sum += parameter.size() * scaling.factor(parameter, network);
        }
        double meanFactor = sum / network.size();
        // end

        // 1, 0.05, 1.95 for layers of 576, 2,080 and 33 values.
        assertThat(meanFactor).isCloseTo(744.35 / 2689, within(1e-12));
    }

    @Test
    void choosesAStrategy() {
        // snippet
        CaAdam optimizer =
                CaAdam.builder()
                        .setBlock(block)
                        .setScaling(ScalingStrategy.networkSize())
                        .optLearningRateTracker(Tracker.fixed(1e-3f))
                        .build();
        // end

        assertThat(trains(optimizer)).isTrue();
    }

    @Test
    void combinesStrategies() {
        // snippet
        ScalingStrategy scaling =
                ScalingStrategy.networkSize()
                        .times(ScalingStrategy.fanIn(0.5))
                        .bounded(0.1, 10)
                        .overriding("_bias$", 1);
        // end

        assertThat(factor(scaling, "01Linear_bias")).isEqualTo(1);
        assertThat(factor(scaling, "01Linear_weight")).isEqualTo(10);
    }

    @Test
    void writesAStrategyAsALambda() {
        // snippet
        ScalingStrategy outputLayerSlower =
                (parameter, network) -> parameter.depth() == network.totalDepth() - 1 ? 0.1 : 1;
        // end

        assertThat(factor(outputLayerSlower, "03Linear_weight")).isEqualTo(1);
        assertThat(factor(outputLayerSlower, "05Linear_weight")).isEqualTo(0.1);
    }

    // snippet
    /** Larger layers learn more slowly: S = (c_min/c)^power. */
    record ConnectionPower(double power) implements ScalingStrategy {

        ConnectionPower {
            if (!(power >= 0) || Double.isInfinite(power)) {
                throw new IllegalArgumentException("The power must be finite, 0 or more.");
            }
        }

        @Override
        public double factor(ParameterStructure parameter, NetworkStructure network) {
            double smallest = network.minConnections();
            return Math.pow(smallest / parameter.connections(), power);
        }

        @Override
        public Map<String, Object> describe() {
            return Map.of("strategy", "custom", "class", "ConnectionPower", "power", power);
        }
    }

    // end

    @Test
    void writesAStrategyWithAParameter() {
        // c = 512, 2048, 32.
        assertThat(factor(new ConnectionPower(0.5), "03Linear_bias"))
                .isCloseTo(0.125, within(1e-12));
        assertThat(
                        trains(
                                CaAdam.builder()
                                        .setBlock(block)
                                        .setScaling(new ConnectionPower(1))
                                        .build()))
                .isTrue();
    }

    @Test
    void looksAtTheGradient() {
        // snippet
        ScalingStrategy byNorm =
                ScalingStrategy.gradientAware(
                        (parameter, network, gradient) -> {
                            NDArray norm = gradient.norm().toType(DataType.FLOAT64, false);
                            return 1 / (1 + norm.getDouble());
                        });
        // end

        assertThat(trains(CaAdam.builder().setBlock(block).setScaling(byNorm).build())).isTrue();
        assertThat(factor(byNorm, DataType.FLOAT32)).isCloseTo(1 / 6.0, within(1e-7));
        assertThat(factor(byNorm, DataType.FLOAT64)).isCloseTo(1 / 6.0, within(1e-15));
    }

    /** Returns the factor of a gradient of norm 5. */
    private double factor(ScalingStrategy byNorm, DataType type) {
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
        NetworkStructure network = StructureInspector.inspect(block, StructureConvention.PAPER);
        NDArray gradient = manager.create(new float[] {3, -4}).toType(type, true);
        return byNorm.factor(network.parameters().get(0), network, gradient);
    }

    @Test
    void scalesAnotherOptimizer() {
        // snippet
        Optimizer optimizer =
                Optimizer.sgd()
                        .setLearningRateTracker(
                                ConnectionAwareTracker.builder()
                                        .setBlock(block)
                                        .setScaling(ScalingStrategy.additive())
                                        .optTracker(Tracker.fixed(0.01f))
                                        .build())
                        .build();
        // end

        assertThat(trains(optimizer)).isTrue();
    }

    private double factor(ScalingStrategy scaling, String path) {
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
        NetworkStructure network = StructureInspector.inspect(block, StructureConvention.PAPER);
        return network.parameters().stream()
                .filter(parameter -> parameter.path().equals(path))
                .mapToDouble(parameter -> scaling.factor(parameter, network))
                .findFirst()
                .orElseThrow();
    }

    /** Returns whether an optimizer moves the network's first weight against its gradient. */
    private boolean trains(Optimizer optimizer) {
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 8));
        var weight = block.getParameters().get("01Linear_weight");
        float before = weight.getArray().getFloat(0, 0);
        try (NDArray gradient = weight.getArray().onesLike()) {
            optimizer.update(weight.getId(), weight.getArray(), gradient);
        }
        return weight.getArray().getFloat(0, 0) < before;
    }
}
