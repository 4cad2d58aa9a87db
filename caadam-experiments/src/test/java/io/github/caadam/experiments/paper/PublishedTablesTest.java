// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import org.junit.jupiter.api.Test;

class PublishedTablesTest {

    private static final Problem SMALL = new Problem("california-housing", "64-32");

    @Test
    void haveEveryRowOfThePaper() {
        // Six networks and three data sets, seven optimizers, six of them compared with Adam.
        assertThat(PublishedTables.results()).hasSize(9 * 7).doesNotHaveDuplicates();
        assertThat(PublishedTables.improvements()).hasSize(9 * 6).doesNotHaveDuplicates();
    }

    @Test
    void areThePrintedNumbers() {
        assertThat(PublishedTables.results())
                .contains(
                        new PublishedResult(
                                SMALL,
                                PaperConfigurations.ADAM,
                                0.466,
                                0.003,
                                5.16,
                                2.16,
                                170.43,
                                81.35));
        assertThat(PublishedTables.improvements())
                .contains(
                        new PublishedImprovement(
                                new Problem("cifar10", "ResNet20"),
                                new Configuration("Adamax", "none"),
                                new PublishedImprovement.Test(-13.67, -35.53, 4.62e-41),
                                new PublishedImprovement.Test(13.88, 8.47, 1.02e-11)));
    }

    @Test
    void theMisprintedMeanIsTheOneOfTheAuthorsRuns() {
        assertThat(PublishedTables.results())
                .filteredOn(row -> row.problem().equals(SMALL))
                .filteredOn(row -> row.configuration().strategy().equals("multiplicative"))
                .singleElement()
                .extracting(PublishedResult::value)
                .isEqualTo(0.456);
    }
}
