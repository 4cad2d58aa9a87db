// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceLabelsTest {

    private final PlaceLabels labels = new PlaceLabels(List.of("one", "two"), 3);

    @Test
    void namesStandAtTheirPlacesOnly() {
        assertThat(labels.apply(3.0)).isEqualTo("one");
        assertThat(labels.apply(6.0)).isEqualTo("two");
        assertThat(List.of(-3.0, 0.0, 2.0, 4.0, 5.0, 7.0, 9.0))
                .allMatch(x -> labels.apply(x).isBlank());
    }

    @Test
    void endsDifferBecauseXChartRefusesAxesWhoseEndsAreNamedAlike() {
        assertThat(labels.apply(1.5)).isNotEqualTo(labels.apply(7.5));
    }
}
