// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.Suite;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Friedman1Test {

    @Test
    void signalFollowsTheFormula() {
        // 10 sin(π/2) + 20·0.25 + 10·0.1 + 5·0.2 = 10 + 5 + 1 + 1.
        assertThat(Friedman1.signal(new double[] {1, 0.5, 1, 0.1, 0.2, 9, 9, 9, 9, 9}))
                .isCloseTo(17, within(1e-12));
    }

    @Test
    void isTheSameAtEveryLoad() {
        DataDirectories nowhere = new DataDirectories(List.of(), Path.of("nowhere"));
        DataSplit first = new Friedman1().load(nowhere, Options.NONE);
        DataSplit second = new Friedman1().load(nowhere, Options.NONE);

        assertThat(first.trainRows()).isEqualTo(1_600);
        assertThat(first.testRows()).isEqualTo(400);
        assertThat(second.digest()).isEqualTo(first.digest());
        assertThat(((TableSamples) second.trainSamples()).values())
                .containsExactly(((TableSamples) first.trainSamples()).values());
    }

    @Test
    void unknownNameListsTheDataSets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Suite.CATALOG.entry(Kind.DATA, "mnist"))
                .withMessageContaining(
                        "california-housing, cifar10, cifar100, csv, djl:airfoil, djl:cifar10,"
                                + " djl:fashion-mnist, djl:mnist, fashion-mnist, friedman1, npz");
    }

    @Test
    void dataIsLookedForWhereTheUserSaysThenInTheEnvironmentThenInTheCache() {
        DataDirectories directories =
                DataDirectories.of(
                        Optional.of(Path.of("/given")),
                        Map.of("CAADAM_DATA_DIR", "/environment", "XDG_CACHE_HOME", "/cache"),
                        Path.of("/home"));

        assertThat(directories.searchPath())
                .containsExactly(
                        Path.of("/given"), Path.of("/environment"), Path.of("/cache/caadam"));
        assertThat(DataDirectories.of(Optional.empty(), Map.of(), Path.of("/home")).cache())
                .isEqualTo(Path.of("/home/.cache/caadam"));
    }
}
