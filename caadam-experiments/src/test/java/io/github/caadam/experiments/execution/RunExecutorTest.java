// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunExecutorTest {

    /** Seed 1 of scripts/golden/log_normal_factors.py; two weights, so that biases are third. */
    @Test
    void runsKeepTheFactorsThatTheyDrew() {
        Map<String, Double> factors = run("caadam:log-normal").factors();

        assertThat(factors).hasSize(4);
        assertThat(
                        List.of("01Linear_weight", "01Linear_bias", "03Linear_weight").stream()
                                .map(factors::get)
                                .toList())
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
                .containsExactly(2.4326203129615207, 0.6309349139806935, 0.8028236911436949);
        assertThat(factors.get("03Linear_bias")).isCloseTo(0.6309349139806935, within(1e-12));
    }

    @Test
    void runsThatDrawNothingKeepNoFactors() {
        assertThat(run("caadam:depth").factors()).isEmpty();
    }

    private static RunRecord run(String optimizer) {
        Protocol protocol = Suite.withEpochs(Suite.PAPER, 1);
        RunSpec spec =
                Suite.run(
                        "mlp:4",
                        Suite.optimizer(optimizer, protocol),
                        protocol,
                        1,
                        Execution.COMPILED);
        return new RunExecutor("test", Suite.friedman(), Device.cpu(), Optional.empty())
                .execute(spec, () -> {});
    }
}
