// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

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
        assertThat(new Configuration("CaAdam", strategy).averaged())
                .isEqualTo(new Configuration("CaAdam", averaged));
    }
}
