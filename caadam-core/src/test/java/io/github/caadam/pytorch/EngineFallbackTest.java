package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.Networks;
import io.github.caadam.training.MeanSquaredError;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found on this library's own class path does not depend on who calls. */
class EngineFallbackTest {

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
}
