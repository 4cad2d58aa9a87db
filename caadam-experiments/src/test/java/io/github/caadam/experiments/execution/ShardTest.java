// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunRecordBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {

    /** Seven, because of seven optimizers each would have had a shard of its own. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50})
    void shardsDealOutWholeBlocksOfProblemAndSeed(int count) {
        List<PlannedRun> all = new ArrayList<>();
        for (int seed = 0; seed < 5; seed++) {
            for (String network : List.of("8", "16", "32")) {
                for (int optimizer = 0; optimizer < 7; optimizer++) {
                    all.add(
                            new RunRecordBuilder()
                                    .on("friedman1", network)
                                    .by("Adam", "" + optimizer)
                                    .learningRate(optimizer + 1)
                                    .run(seed)
                                    .planned());
                }
            }
        }

        List<PlannedRun> dealt = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            List<PlannedRun> part = new Shard(i, count).of(all);
            for (PlannedRun run : part) {
                assertThat(part)
                        .filteredOn(
                                one ->
                                        one.seed() == run.seed()
                                                && one.architecture().equals(run.architecture()))
                        .hasSize(7);
            }
            assertThat(part.size()).isBetween(15 / count * 7, (15 / count + 1) * 7);
            dealt.addAll(part);
        }
        assertThat(dealt).containsExactlyInAnyOrderElementsOf(all);
    }
}
