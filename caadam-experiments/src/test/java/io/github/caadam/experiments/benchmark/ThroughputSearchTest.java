// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What is asked, and what is kept, with rates that are known beforehand. */
class ThroughputSearchTest {

    private static final int TOGETHER = 15;

    private final List<ThroughputSearch.Row> told = new ArrayList<>();
    private long nanoseconds;

    private ThroughputSearch search(
            ToDoubleFunction<ThroughputSetting> rate, Duration each, Duration budget)
            throws InterruptedException {
        ThroughputSearch search =
                new ThroughputSearch(
                        ThroughputSetting.usual(TOGETHER),
                        setting -> {
                            nanoseconds += each.toNanos();
                            double result = rate.applyAsDouble(setting);
                            if (result < 0) {
                                throw new ThroughputException("out of memory");
                            }
                            return result;
                        },
                        () -> nanoseconds,
                        budget,
                        told::add);
        search.run();
        return search;
    }

    private List<String> questions() {
        return told.stream().map(row -> row.setting() + " " + row.remark()).toList();
    }

    @Test
    void whatIsFasterIsKeptForWhatFollows() throws InterruptedException {
        ThroughputSearch search =
                search(
                        setting ->
                                (setting.cudnnBenchmark() ? 200 : 100)
                                        + (setting.programs().contains("channels-first") ? -1 : 0)
                                        + (setting.programs().contains("explicit-gradients")
                                                ? 50
                                                : 0)
                                        + (setting.programs().contains("fused-norms") ? 5 : 0)
                                        + (setting.processes() == 12 ? 1 : 0),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1));

        assertThat(questions())
                .containsExactly(
                        "15 × 1 kept",
                        "15 × 1 channels-first ",
                        "15 × 1 cudnn-benchmark kept",
                        "15 × 1 explicit-gradients,cudnn-benchmark kept",
                        "7 × 2 explicit-gradients,cudnn-benchmark ",
                        "3 × 4 explicit-gradients,cudnn-benchmark ",
                        "15 × 1 explicit-gradients,fused-norms,cudnn-benchmark kept",
                        "1 × 1 explicit-gradients,fused-norms,cudnn-benchmark ",
                        "2 × 1 explicit-gradients,fused-norms,cudnn-benchmark ",
                        "4 × 1 explicit-gradients,fused-norms,cudnn-benchmark ",
                        "8 × 1 explicit-gradients,fused-norms,cudnn-benchmark ",
                        "12 × 1 explicit-gradients,fused-norms,cudnn-benchmark kept",
                        "16 × 1 explicit-gradients,fused-norms,cudnn-benchmark ");
        assertThat(search.rows()).isEqualTo(told);
        assertThat(search.best().jvmOptions())
                .containsExactly(
                        "-Dcaadam.programs=explicit-gradients,fused-norms",
                        "-Dai.djl.pytorch.cudnn_benchmark=true");
    }

    @Test
    void severalNetworksInAProcessAreMeasuredButNotKept() throws InterruptedException {
        ThroughputSearch search =
                search(
                        setting -> setting.networks() * 100.0,
                        Duration.ofSeconds(1),
                        Duration.ofHours(1));

        assertThat(search.best()).isEqualTo(ThroughputSetting.usual(TOGETHER));
        assertThat(told).anyMatch(row -> row.rate() == 400 && row.remark().isEmpty());
    }

    @Test
    void noMeasurementBeginsThatMightNotEndInTime() throws InterruptedException {
        ThroughputSearch search =
                search(setting -> 1, Duration.ofSeconds(40), Duration.ofSeconds(130));

        assertThat(told.stream().map(row -> Double.isNaN(row.rate())).toList().subList(0, 4))
                .containsExactly(false, false, false, true);
        assertThat(told.get(3).remark()).isEqualTo("not measured: the time is up");
        assertThat(nanoseconds).isEqualTo(Duration.ofMinutes(2).toNanos());
        assertThat(search.best()).isEqualTo(ThroughputSetting.usual(TOGETHER));
    }

    @Test
    void whatFailsIsSaidAndTheRestMeasured() throws InterruptedException {
        ThroughputSearch search =
                search(
                        setting ->
                                setting.cudnnBenchmark() || setting.processes() == 16
                                        ? -1
                                        : setting.processes(),
                        Duration.ofSeconds(1),
                        Duration.ofHours(1));

        assertThat(questions())
                .contains(
                        "15 × 1 cudnn-benchmark failed: out of memory",
                        "16 × 1 failed: out of memory",
                        "12 × 1 ");
        assertThat(search.best()).isEqualTo(ThroughputSetting.usual(TOGETHER));
    }
}
