// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.study.DataFacts;
import io.github.caadam.experiments.study.Study;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReductionsTest {

    @Test
    void partsOfSeveralCommandsAddUp() throws IOException {
        Study whole = Suite.study("california-notebook");
        List<PlannedRun> plan = new ArrayList<>(planned(whole.only("mlp:64-32,adam").withSeeds(2)));

        assertThat(Reductions.of(whole, plan))
                .containsExactly("1 of 6 networks", "1 of 7 optimizers", "2 of 30 seeds");
        plan.addAll(planned(whole.only("mlp:128-64-32,adam").withSeeds(3)));
        assertThat(Reductions.of(whole, plan))
                .containsExactly("2 of 6 networks", "1 of 7 optimizers", "3 of 30 seeds");
        plan.addAll(planned(whole));
        assertThat(Reductions.of(whole, plan)).isEmpty();
    }

    @Test
    void whatTheStudyReducesComesFirst() throws IOException {
        Study whole = Suite.study("images-cpu");

        assertThat(Reductions.of(whole, planned(whole.only("cifar10"))))
                .containsExactly(whole.reductions(), "1 of 2 data sets");
    }

    private static List<PlannedRun> planned(Study study) {
        return study.runSpecs().stream().map(spec -> spec.planned(DataFacts.UNKNOWN)).toList();
    }
}
