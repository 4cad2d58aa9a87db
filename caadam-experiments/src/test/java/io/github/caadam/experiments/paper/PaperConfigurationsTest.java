// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaperConfigurationsTest {

    @ParameterizedTest
    @CsvSource({
        "additive, additive averaged",
        "additive averaged, additive averaged",
        "depth shuffled:12 convention=paper gamma=1.0, depth averaged convention=paper gamma=1.0",
        "depth reversed, depth averaged",
        "depth weights-only lr=0.01, depth averaged lr=0.01",
        "multiplicative-signed vectors-only, multiplicative-signed averaged",
        "depth tuned gamma=1.0, depth averaged tuned gamma=1.0",
        "none lr=0.005, none averaged lr=0.005"
    })
    void theAverageOfAStrategyKeepsItsOptions(String strategy, String averaged) {
        assertThat(PaperConfigurations.averaged(new Configuration("CaAdam", strategy)))
                .isEqualTo(new Configuration("CaAdam", averaged));
    }
}
