// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.study.RunSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.Protocol;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StudyProjectionTest {

    private final Map<RunSpec, OptionalDouble> seconds = new LinkedHashMap<>();

    private void run(String model, String optimizer, int seed, Double time) {
        Protocol protocol = Suite.PAPER;
        seconds.put(
                Suite.run(
                        model,
                        Suite.optimizer(optimizer, protocol),
                        protocol,
                        seed,
                        Execution.COMPILED),
                time == null ? OptionalDouble.empty() : OptionalDouble.of(time));
    }

    @Test
    void missingRunsNeedWhatTheirConfigurationNeeded() {
        run("mlp:4", "adam", 0, 100.0);
        run("mlp:4", "nadam", 0, 400.0);
        run("mlp:4", "adam", 1, 300.0);
        run("mlp:4", "nadam", 1, null);
        run("mlp:4", "nadam", 2, null);
        run("mlp:8", "adam", 0, 60.0);

        StudyProjection projection = StudyProjection.of(seconds, 2);

        StudyProjection.Network small = projection.networks().get(0);
        assertThat(small.runs()).isEqualTo(5);
        assertThat(small.finished()).isEqualTo(3);
        assertThat(small.secondsLeft()).isEqualTo(2 * 400, within(1e-9));
        assertThat(small.secondsPerRun()).isEqualTo((2 * 200 + 3 * 400) / 5.0, within(1e-9));
        assertThat(projection.networks().get(1).secondsLeft()).isZero();
        assertThat(projection.toString())
                .contains("0:06:40")
                .containsPattern("total, 2 workers +6 +4 +0:06:40 +0:13:50");
    }

    @Test
    void nothingIsKnownOfANetworkWithoutRuns() {
        run("mlp:4", "adam", 0, null);

        assertThat(StudyProjection.of(seconds, 1).toString()).contains("unknown");
    }
}
