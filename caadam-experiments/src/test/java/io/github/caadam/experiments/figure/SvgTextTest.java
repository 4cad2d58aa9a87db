// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SvgTextTest {

    @Test
    void connectedSegmentsOfOneStyleBecomeOneCurve() {
        assertThat(SvgText.tidy(line("a;", 0, 0, 1, 2.004) + line("a;", 1, 2.004, 3, 4)))
                .isEqualTo(
                        "    <polyline points=\"0,0 1,2 3,4\" style=\"a;stroke-linejoin:round;\"/>\n");
    }

    @Test
    void gapsAndOtherStylesBeginAnotherCurve() {
        assertThat(
                        SvgText.tidy(
                                line("a;", 0, 0, 1, 1)
                                        + line("b;", 1, 1, 2, 2)
                                        + line("b;", 3, 3, 4, 4)
                                        + "  <g/>\n"
                                        + line("b;", 4, 4, 5, 5)))
                .containsSubsequence(
                        "\"0,0 1,1\"", "\"1,1 2,2\"", "\"3,3 4,4\"", "<g/>", "\"4,4 5,5\"");
    }

    @Test
    void textFallsBackToAnySansSerifFont() {
        assertThat(SvgText.tidy("<text style=\"font-family:&quot;DejaVu Sans&quot;;\">a</text>"))
                .isEqualTo(
                        "<text style=\"font-family:&quot;DejaVu"
                                + " Sans&quot;,sans-serif;\">a</text>\n");
    }

    private static String line(String style, double x1, double y1, double x2, double y2) {
        return String.format(
                "    <line style=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>%n",
                style, x1, x2, y1, y2);
    }
}
