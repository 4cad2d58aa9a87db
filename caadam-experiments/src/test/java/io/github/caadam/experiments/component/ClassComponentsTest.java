// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.SourceJar;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Schedule;
import io.github.caadam.plugin.ScheduleFactory;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import io.github.caadam.plugin.TrainingContext;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassComponentsTest {

    private static final DataSignature DATA =
            new DataSignature(Task.REGRESSION, new Shape(5), 1, TargetScale.NONE);

    private static final String SIGN =
            """
            package com.acme;
            import ai.djl.ndarray.NDArray;
            import ai.djl.training.optimizer.Optimizer;
            import ai.djl.training.tracker.ParameterTracker;
            public class SignMomentum extends Optimizer {
                private final ParameterTracker rate;
                public final float beta;
                static { System.setProperty("acme.initialized", "true"); }
                protected SignMomentum(Builder builder) {
                    super(builder);
                    rate = builder.rate;
                    beta = builder.beta;
                }
                public static Builder builder() { return new Builder(); }
                @Override
                public void update(String id, NDArray weight, NDArray gradient) {
                    weight.subi(gradient.sign().muli(rate.getNewValue(id, updateCount(id))));
                }
                public static final class Builder extends OptimizerBuilder<Builder> {
                    private ParameterTracker rate;
                    private float beta = 0.9f;
                    public Builder setLearningRateTracker(ParameterTracker tracker) {
                        rate = tracker;
                        return this;
                    }
                    public Builder optBeta(float value) { beta = value; return this; }
                    protected Builder self() { return this; }
                    public SignMomentum build() { return new SignMomentum(this); }
                }
            }
            """;

    private static final String GATED =
            """
            package com.acme;
            import ai.djl.nn.SequentialBlock;
            import ai.djl.nn.core.Linear;
            public class Gated extends SequentialBlock {
                public final int units;
                public Gated(int units, int outputs) {
                    this.units = units;
                    add(Linear.builder().setUnits(units).build());
                    add(Linear.builder().setUnits(outputs).build());
                }
            }
            """;

    private static final String SCALING =
            """
            package com.acme;
            import io.github.caadam.scaling.ScalingStrategy;
            import io.github.caadam.structure.*;
            public record Twice(double base) implements ScalingStrategy {
                public double factor(ParameterStructure parameter, NetworkStructure network) {
                    return 2 * base;
                }
            }
            """;

    @TempDir private Path directory;

    private Path jar() throws IOException {
        return SourceJar.of(SIGN, GATED, SCALING)
                .withParameterNames()
                .write(directory.resolve("acme.jar"));
    }

    /** Calls something as a process with the plug-ins would. */
    private static <T> T with(Plugins plugins, Callable<T> call) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        plugins.install();
        try {
            return call.call();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static TrainingContext context(Block block) {
        return new TrainingContext(block, Tracker.fixed(0.5f), 3, 7, 2, 11, Device.cpu());
    }

    private static Component component(
            Catalog catalog, Kind kind, String type, Map<String, ?> given) {
        return catalog.resolve(kind, Component.Source.CLASS, type, given);
    }

    @Test
    void optimizerOfAPluginIsBuiltByItsBuilder() throws Exception {
        try (Plugins plugins = Plugins.load(List.of(jar()))) {
            Component sign =
                    with(
                            plugins,
                            () ->
                                    component(
                                            Catalog.of(plugins),
                                            Kind.OPTIMIZER,
                                            "com.acme.SignMomentum",
                                            Map.of("learning-rate", 0.01, "beta", 0.99)));

            assertThat(sign.identity().toString())
                    .isEqualTo(
                            "{\"class\":\"com.acme.SignMomentum\",\"options\":{"
                                    + "\"begin-num-update\":0,\"beta\":0.99,\"clip-grad\":-1.0,"
                                    + "\"learning-rate\":0.01,\"rescale-grad\":1.0,"
                                    + "\"weight-decays\":0.0},\"code\":\""
                                    + plugins.jars().get(0).digest()
                                    + "\"}");
            OptimizerFactory factory = sign.factory(OptimizerFactory.class);
            Optimizer optimizer = factory.create(context(Blocks.identityBlock()), sign.options());
            assertThat(optimizer).hasFieldOrPropertyWithValue("beta", 0.99f);
            assertThat(factory.title()).isEqualTo("SignMomentum");
        }
    }

    @Test
    void blockIsGivenTheOutputsUnlessTheStudyGivesThem() throws Exception {
        try (Plugins plugins = Plugins.load(List.of(jar()));
                NDManager manager = NDManager.newBaseManager()) {
            Catalog catalog = Catalog.of(plugins);
            for (int outputs : List.of(1, 4)) {
                Component gated =
                        with(
                                plugins,
                                () ->
                                        component(
                                                catalog,
                                                Kind.MODEL,
                                                "com.acme.Gated",
                                                outputs == 1
                                                        ? Map.of("units", 3)
                                                        : Map.of("units", 3, "outputs", 4)));
                Block block = gated.factory(ModelFactory.class).create(DATA, 0, gated.options());
                block.initialize(manager, DataType.FLOAT32, new Shape(2, 5));
                assertThat(block.getOutputShapes(new Shape[] {new Shape(2, 5)}))
                        .containsExactly(new Shape(2, outputs));
            }
        }
    }

    @Test
    void modelZooIsReachedByItsBuilders() throws Exception {
        Component resnet =
                component(
                        Catalog.ofSuite(),
                        Kind.MODEL,
                        "ai.djl.basicmodelzoo.cv.classification.ResNetV1",
                        Map.of("num-layers", 20));
        DataSignature images =
                new DataSignature(Task.CLASSIFICATION, new Shape(3, 16, 16), 10, TargetScale.NONE);
        Block block = resnet.factory(ModelFactory.class).create(images, 0, resnet.options());
        try (NDManager manager = NDManager.newBaseManager();
                Model model = Model.newInstance("resnet")) {
            model.setBlock(block);
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 16, 16));
            assertThat(block.getOutputShapes(new Shape[] {new Shape(1, 3, 16, 16)}))
                    .containsExactly(new Shape(1, 10));
        }
        assertThat(resnet.code()).isEmpty();
    }

    @Test
    void trackersOfDjlAreSchedules() {
        Component cosine =
                component(
                        Catalog.ofSuite(),
                        Kind.SCHEDULE,
                        "ai.djl.training.tracker.CosineTracker",
                        Map.of("final-value", 0.25));
        Schedule schedule =
                cosine.factory(ScheduleFactory.class)
                        .create(0.5, context(Blocks.identityBlock()), cosine.options());

        assertThat(schedule.getNewValue(0)).isEqualTo(0.5f);
        assertThat(schedule.getNewValue(21)).isEqualTo(0.25f);
    }

    @Test
    void scalingStrategyWithinAnOptimizerIsPartOfItsCode() throws Exception {
        try (Plugins plugins = Plugins.load(List.of(jar()))) {
            Map<String, Object> twice =
                    Map.of("class", "com.acme.Twice", "options", Map.of("base", 3));
            Component adamax =
                    with(
                            plugins,
                            () ->
                                    component(
                                            Catalog.of(plugins),
                                            Kind.OPTIMIZER,
                                            "io.github.caadam.optimizer.Adamax",
                                            Map.of("learning-rate", 0.01, "scaling", twice)));

            assertThat(adamax.code()).isEqualTo(plugins.jars().get(0).digest());
            Map<String, Object> once =
                    Map.of("class", "com.acme.Twice", "options", Map.of("base", 1));
            assertThat(adamax.plugins()).containsOnly(Map.entry("acme.jar", adamax.code()));
            assertThat(with(plugins, () -> adamax.with(Map.of("scaling", once))).code())
                    .isEqualTo(adamax.code());
            ScalingStrategy strategy =
                    with(plugins, () -> Nested.build(ScalingStrategy.class, twice));
            assertThat(strategy.factor(null, null)).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optimizer | com.acme.None | There is no class com.acme.None",
                "optimizer | com.acme.Gated | is not an optimizer; it would be a"
                        + " ai.djl.training.optimizer.Optimizer or a"
                        + " io.github.caadam.plugin.OptimizerFactory",
                "optimizer | ai.djl.training.optimizer.Optimizer | is abstract",
                "model | com.acme.SignMomentum | is not a model",
                "metric | com.acme.SignMomentum | is not a metric",
                "data | java.lang.Runtime | is not data"
            })
    void classOfAnotherKindIsRefusedUninitialized(String kind, String type, String message)
            throws Exception {
        System.clearProperty("acme.initialized");
        try (Plugins plugins = Plugins.load(List.of(jar()))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    with(
                                            plugins,
                                            () ->
                                                    component(
                                                            Catalog.of(plugins),
                                                            Kind.of(kind),
                                                            type,
                                                            Map.of())))
                    .withMessageContaining(message);
        }
        assertThat(System.getProperty("acme.initialized")).isNull();
    }

    @Test
    void optimizersOfDjlHaveNamesWhereTheSuiteHasNone() {
        Catalog catalog = Catalog.ofSuite();

        assertThat(catalog.names(Kind.OPTIMIZER))
                .contains("sgd", "nag", "rmsprop", "adagrad", "adadelta");
        Component nag =
                catalog.named(Kind.OPTIMIZER, "nag", Map.of("learning-rate", 0.1, "momentum", 0.9));
        assertThat(
                        nag.factory(OptimizerFactory.class)
                                .create(context(Blocks.identityBlock()), nag.options()))
                .isInstanceOf(ai.djl.training.optimizer.Nag.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> catalog.named(Kind.OPTIMIZER, "nag", Map.of()))
                .withMessageContaining("\"learning-rate\" is missing");
    }

    @Test
    void optimizerThatTakesANumberAsLearningRateIsRefused() throws Exception {
        Path fixed =
                SourceJar.of(
                                SIGN.replace("SignMomentum", "FixedRate")
                                        .replace(
                                                "setLearningRateTracker(ParameterTracker tracker)",
                                                "optLearningRate(float value)")
                                        .replace("rate = tracker", "rate = (id, step) -> value"))
                        .write(directory.resolve("fixed.jar"));
        try (Plugins plugins = Plugins.load(List.of(fixed))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    with(
                                            plugins,
                                            () ->
                                                    component(
                                                            Catalog.of(plugins),
                                                            Kind.OPTIMIZER,
                                                            "com.acme.FixedRate",
                                                            Map.of())))
                    .withMessageContaining("could follow no schedule");
        }
    }
}
