// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.caadam.experiments.analysis.ReportForm;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import io.github.caadam.experiments.results.StudyRuns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageColorsTest {

    private static List<String> palette() {
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            rows.add(new RunRowBuilder().of("own", "", "").by("Optimizer", "s" + i).build());
        }
        return List.copyOf(ReportForm.of(StudyRuns.ofRows(rows)).colors().values());
    }

    @Test
    void fifteenOptimizersHaveFifteenColors() {
        assertThat(palette()).hasSize(15).doesNotHaveDuplicates();
    }

    @Test
    void measuresContrastAsTheGuidelinesDo() {
        assertThat(PageColors.contrast("#000000", "#ffffff")).isEqualTo(21, within(1e-9));
        // The grey that is known to have just enough contrast on white.
        assertThat(PageColors.contrast("#767676", "#ffffff")).isEqualTo(4.54, within(0.005));
    }

    @Test
    void everyColorIsSeenOnADarkPage() {
        assertThat(palette())
                .allSatisfy(
                        color ->
                                assertThat(
                                                PageColors.contrast(
                                                        PageColors.onDark(color),
                                                        PageColors.DARK_PAGE))
                                        .isGreaterThanOrEqualTo(PageColors.CONTRAST));
    }

    @Test
    void leavesBrightColorsAloneAndGivesBlackTheColorOfTheText() {
        assertThat(PageColors.onDark("#e69f00")).isEqualTo("#e69f00");
        assertThat(PageColors.css(List.of("#000000", "#e69f00")))
                .isEqualTo(
                        """
                        .k0 { --color: var(--text); }
                        .k1 { --color: #e69f00; }
                        @media screen and (prefers-color-scheme: dark) {
                        .k1 { --color: #e69f00; }
                        }
                        """);
    }

    @Test
    void knowsThePageThatItsStyleSheetHas() throws Exception {
        try (var in = PageColors.class.getResourceAsStream("report.css")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("--page: " + PageColors.DARK_PAGE + ";");
        }
    }
}
