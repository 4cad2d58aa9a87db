// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochLogTest {

    @Test
    void onlyLongEpochsAreToldOf() {
        List<String> told = new ArrayList<>();
        EpochLog log = new EpochLog("ResNet20 by Adam, seed 3", 1000, told::add);

        log.add(1, new TrainingResult.Epoch(1.5744, 1.99827, 0.001f, null), 9.9);
        log.add(2, new TrainingResult.Epoch(1.16957, 1.40519, 0.001f, null), 80.2);

        assertThat(told)
                .containsExactly(
                        "ResNet20 by Adam, seed 3: epoch 2 of at most 1000 took 80 s, loss 1.170,"
                                + " validation loss 1.405, learning rate 0.00100");
    }
}
