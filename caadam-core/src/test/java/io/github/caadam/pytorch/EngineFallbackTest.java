// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.tracker.ParameterTracker;
import io.github.caadam.Logs;
import io.github.caadam.Networks;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.MeanSquaredError;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What falls back, and what must not. */
class EngineFallbackTest {

    @TempDir private Path directory;

    /** An application server's threads have class loaders that do not see this library. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theEngineIsFoundWhateverTheThreadsClassLoader(boolean none) throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                URLClassLoader blind = new URLClassLoader(new URL[0], null)) {
            TestData data = TestData.regression(manager, 40, 4, 2);
            Thread thread = Thread.currentThread();
            ClassLoader loader = thread.getContextClassLoader();
            thread.setContextClassLoader(none ? null : blind);
            try (Executions executions =
                    new Executions(
                            () -> Networks.mlp(5, 2),
                            OptimizerCase.CAADAM_ADDITIVE::create,
                            block -> new MeanSquaredError(),
                            16,
                            new Shape(4))) {
                assertThat(executions.fallbackReason()).isEmpty();
                assertThat(executions.refusal()).isEmpty();
                executions.train(data, 2).requireSame(Executions.TOLERANCE);
                assertThat(executions.fallbackReason()).isEmpty();
            } finally {
                thread.setContextClassLoader(loader);
            }
        }
    }

    /** As in PyTorch 1.13, which lacks a kernel that a program may call. */
    @Test
    void anOperationThatTheEngineLacksIsNamed() {
        Layer layer = new Layer.Formula("torch.nonsense(@)");
        SourceWriter out = new SourceWriter();
        out.begin("def forward(self, x: Tensor) -> Tensor:");
        out.line("return " + layer.write(out, "x", null));
        out.end();

        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(
                        () ->
                                PtAccelerator.prepare(
                                        "engine",
                                        () -> ScriptModule.compile(out.toString(), Device.cpu())))
                .satisfies(e -> assertThat(e.part()).isEqualTo("engine"))
                .satisfies(
                        e ->
                                assertThat(e.reason())
                                        .isEqualTo(
                                                "the engine cannot do what is needed (Unknown"
                                                        + " builtin op: aten::nonsense.)"))
                .withCauseInstanceOf(EngineException.class);
    }

    @Test
    void aProgramThatFailsWhileItIsTriedIsNamedByItsFault() {
        String source = "def f(self) -> None:\n  assert False, \"no such thing\"\n";

        assertThatExceptionOfType(NotAcceleratedException.class)
                .isThrownBy(
                        () ->
                                PtAccelerator.prepare(
                                        "engine",
                                        () -> {
                                            try (ScriptModule module =
                                                    ScriptModule.compile(source, Device.cpu())) {
                                                return module.run("f");
                                            }
                                        }))
                .withMessageContaining("no such thing");
    }

    /** As where the engine's jar is of another version than this library was built for. */
    @Test
    void anEngineThatCannotBeLinkedIsNamedByWhatIsMissing() {
        for (LinkageError error :
                List.of(
                        new NoSuchMethodError("'long ai.djl.pytorch.jni.X.y()'"),
                        new NoClassDefFoundError("ai/djl/pytorch/jni/X"),
                        new UnsatisfiedLinkError("y"))) {
            assertThatExceptionOfType(NotAcceleratedException.class)
                    .isThrownBy(
                            () ->
                                    PtAccelerator.prepare(
                                            "optimizer",
                                            () -> {
                                                throw error;
                                            }))
                    .satisfies(e -> assertThat(e.part()).isEqualTo("optimizer"))
                    .withMessageContaining(error.toString())
                    .withCause(error);
        }
    }

    /** A fault in this library, or of the caller's, is none of the engine's. */
    @Test
    void otherFaultsAreThrownAsTheyAre() {
        IllegalStateException fault = new IllegalStateException("fault");

        assertThatThrownBy(
                        () ->
                                PtAccelerator.prepare(
                                        "optimizer",
                                        () -> {
                                            throw fault;
                                        }))
                .isSameAs(fault);
    }

    @Test
    void anAcceleratorThatCannotBeLoadedIsNoAccelerator() throws Exception {
        assertThat(reasonOf("no.such.Accelerator\n"))
                .contains("what accelerates PyTorch cannot be loaded")
                .contains("no.such.Accelerator");
        assertThat(reasonOf("io.github.caadam.spi.Accelerator\n"))
                .contains("what accelerates PyTorch cannot be loaded");
        assertThat(reasonOf("")).contains("nothing is known that accelerates PyTorch");
    }

    /** What a copy of this library with other services says of the PyTorch engine. */
    private String reasonOf(String services) throws Exception {
        Path file = directory.resolve("META-INF/services/io.github.caadam.spi.Accelerator");
        Files.createDirectories(file.getParent());
        Files.writeString(file, services);
        try (Copy copy = new Copy(directory.toUri().toURL())) {
            Class<?> accelerator = copy.loadClass("io.github.caadam.spi.Accelerator");
            Method of = accelerator.getMethod("of", String.class);
            InvocationTargetException thrown =
                    catchThrowableOfType(
                            InvocationTargetException.class, () -> of.invoke(null, "PyTorch"));
            assertThat(thrown.getCause().getClass().getName())
                    .isEqualTo(NotAcceleratedException.class.getName());
            return thrown.getCause().getMessage();
        }
    }

    /** Loads this library's classes anew, and sees no services but its own. */
    private static final class Copy extends URLClassLoader {

        private Copy(URL services) {
            super(
                    new URL[] {
                        services,
                        NotAcceleratedException.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    Copy.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.github.caadam.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return Collections.enumeration(List.of(findResource(name)));
        }
    }

    /** Throws at one of its questions. */
    private static final class Throwing implements ParameterTracker {

        private final int last;
        private int asked;

        private Throwing(int last) {
            this.last = last;
        }

        @Override
        public float getNewValue(String parameterId, int step) {
            asked++;
            if (asked > last) {
                throw new IllegalStateException("no more rates");
            }
            return 0.002f;
        }
    }

    /** Four parameters: the third step lacks two rates. */
    @Test
    void aTrackerThatThrowsEndsTheStepBeforeAnythingIsWrittenAndIsNoFallback() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                Executions executions = throwing(10)) {
            TestData data = TestData.regression(manager, 48, 4, 2);
            int[] order = TestData.order(48, 1);
            List<double[]> whole = Executions.values(executions.whole().block());
            assertThatIllegalStateException()
                    .isThrownBy(() -> executions.epoch().run(data.features(), data.labels(), order))
                    .withMessage("no more rates");
            assertThat(Executions.values(executions.whole().block()))
                    .containsExactlyElementsOf(whole);

            Twins.Side fused = executions.fused();
            fused.trainEagerly(data.features(), data.labels(), Arrays.copyOf(order, 32));
            List<double[]> two = Executions.values(fused.block());
            assertThatIllegalStateException()
                    .isThrownBy(
                            () ->
                                    fused.trainEagerly(
                                            data.features(),
                                            data.labels(),
                                            Arrays.copyOfRange(order, 32, 48)))
                    .withMessage("no more rates");
            assertThat(Executions.values(fused.block())).containsExactlyElementsOf(two);
            assertThat(executions.fallbackReason()).isEmpty();
        }
    }

    private static Executions throwing(int last) {
        return new Executions(
                () -> Networks.mlp(5, 2),
                block ->
                        Adamax.builder()
                                .optBlock(block)
                                .optLearningRateTracker(new Throwing(last))
                                .build(),
                block -> new MeanSquaredError(),
                16,
                new Shape(4));
    }

    /** By then weights may have changed, so that the same step must not be made once more. */
    @Test
    void aFaultOfTheEngineInAStepIsThrownAndIsNoFallback() throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                Executions executions =
                        new Executions(
                                () -> Networks.mlp(5, 2),
                                OptimizerCase.ADAMAX::create,
                                block -> new MeanSquaredError(),
                                16,
                                new Shape(4))) {
            TestData data = TestData.regression(manager, 32, 4, 2);
            executions.train(data, 1);
            PtFusedStep step = fusedStep((FusedTrainer) executions.fused().trainer());
            breakProgram(step);
            List<double[]> before = Executions.values(executions.fused().block());

            String log =
                    Logs.of(
                            () ->
                                    assertThatExceptionOfType(EngineException.class)
                                            .isThrownBy(() -> executions.train(data, 1))
                                            .withMessageContaining("in the middle"));

            assertThat(log).doesNotContain("parameter by parameter");
            assertThat(executions.fallbackReason()).isEmpty();
            // What the broken program wrote until then, once: each weight is one larger.
            List<double[]> after = Executions.values(executions.fused().block());
            for (int i = 0; i < before.size(); i++) {
                for (int j = 0; j < before.get(i).length; j++) {
                    assertThat(after.get(i)[j] - before.get(i)[j]).isCloseTo(1, within(1e-6));
                }
            }
        }
    }

    private static PtFusedStep fusedStep(FusedTrainer trainer) throws ReflectiveOperationException {
        Object steps = field(trainer, "steps").get(trainer);
        return (PtFusedStep) field(steps, "step").get(steps);
    }

    /** Puts a program in place that throws once it has changed the weights. */
    private static void breakProgram(PtFusedStep step) throws ReflectiveOperationException {
        Object current = field(step, "current").get(step);
        StepProgram program = (StepProgram) field(current, "program").get(current);
        String source =
                program.source()
                        .replaceFirst(
                                "(?m)^( +)none = .*$",
                                "$0\n$1torch._foreach_add_(W0, 1.0)"
                                        + "\n$1assert torch.len(W0) == 0, \"in the middle\"");
        assertThat(source).contains("in the middle");
        Constructor<?> constructor = current.getClass().getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        field(step, "current")
                .set(
                        step,
                        constructor.newInstance(
                                program, ScriptModule.compile(source, Device.cpu())));
    }

    private static Field field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
