// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.RunStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountsTest {

    private static Counts counts(int finished, RunStatus... others) {
        List<RunRow> runs = new ArrayList<>();
        for (int i = 0; i < finished; i++) {
            runs.add(new RunRowBuilder().run(i).build());
        }
        for (RunStatus status : others) {
            runs.add(new RunRowBuilder().run(runs.size()).lost(status).build());
        }
        return Counts.of(runs);
    }

    @Test
    void everyStatusIsCountedAndSaid() {
        Counts counts =
                counts(
                        2,
                        RunStatus.DIVERGED,
                        RunStatus.DIVERGED,
                        RunStatus.INVALID,
                        RunStatus.FAILED,
                        RunStatus.MISSING);

        assertThat(counts.planned()).isEqualTo(7);
        assertThat(counts.lost()).isEqualTo(4);
        assertThat(counts.ofPlanned()).isEqualTo("2 of 7");
        assertThat(counts.describe())
                .isEqualTo("7 runs: 2 finished, 2 diverged, 1 invalid, 1 failed, 1 not made yet");
    }

    @Test
    void wholeCellsAreSaidInShort() {
        assertThat(counts(3).ofPlanned()).isEqualTo("3");
        assertThat(counts(3).describe()).isEqualTo("3 runs, all finished");
        assertThat(counts(1).describe()).isEqualTo("1 run, finished");
    }

    @Test
    void moreThanOneRunInTenIsTooMany() {
        assertThat(counts(9, RunStatus.DIVERGED).lostTooMany()).isFalse();
        assertThat(counts(8, RunStatus.INVALID).lostTooMany()).isTrue();
        assertThat(counts(0, RunStatus.FAILED).lostTooMany()).isTrue();
    }

    @Test
    void runsThatWereNotMadeYetAreNotLost() {
        assertThat(counts(1, RunStatus.MISSING, RunStatus.MISSING).lostTooMany()).isFalse();
        assertThat(counts(0, RunStatus.MISSING).lostTooMany()).isFalse();
    }
}
