// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.caadam.experiments.execution.WorkerSettings;
import java.util.List;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class WorkersTest {

    private static final Map<String, ResourceInformation> TWO_GPUS =
            Map.of("gpu", new ResourceInformation("gpu", new String[] {"3", "5"}));

    @Test
    void workerTrainsOnTheFirstGpuThatSparkGaveItsTask() {
        assertThat(Workers.device(settings("gpu"), TWO_GPUS)).isEqualTo("gpu3");
    }

    @Test
    void workerTrainsOnTheCpuUnlessToldOtherwise() {
        assertThat(Workers.device(settings("cpu"), TWO_GPUS)).isEqualTo("cpu");
    }

    @Test
    void taskWithoutGpuIsRefused() {
        assertThatThrownBy(() -> Workers.device(settings("gpu"), Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Spark gave this task no GPU; see docs/spark.md.");
    }

    @Test
    void gpusNeedAnAmountPerTask() {
        SparkProvider spark = new SparkProvider();

        assertThatThrownBy(() -> spark.connect("local[1]", "any", settings("gpu"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--conf spark.task.resource.gpu.amount=1");
    }

    private static WorkerSettings settings(String device) {
        return new WorkerSettings(1, List.of("Main", "worker"), List.of(device), 100, 0, 0, 120);
    }
}
