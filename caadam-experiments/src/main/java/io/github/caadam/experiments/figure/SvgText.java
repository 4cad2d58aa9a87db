// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites the SVG that XChart writes: a curve becomes one element rather than one for every
 * segment, which makes files a fraction of the size, and text falls back to any sans-serif font
 * where the one of this machine is missing.
 */
final class SvgText {

    private static final Pattern SEGMENT =
            Pattern.compile(
                    "\\s*<line style=\"([^\"]*)\" x1=\"([^\"]*)\" x2=\"([^\"]*)\" y1=\"([^\"]*)\""
                            + " y2=\"([^\"]*)\"/>");

    private static final Pattern FONT = Pattern.compile("(font-family:&quot;[^&]*&quot;)");
    private static final int DECIMALS = 2;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder points = new StringBuilder();
    private String style = "";
    private String end = "";

    private SvgText() {}

    /**
     * Rewrites a file.
     *
     * @param svg its text, an element a line
     * @return the text to keep; what is not recognised is kept as it is
     */
    static String tidy(String svg) {
        SvgText tidy = new SvgText();
        svg.lines().forEach(tidy::add);
        tidy.finishCurve();
        return FONT.matcher(tidy.text).replaceAll("$1,sans-serif");
    }

    private void add(String line) {
        Matcher segment = SEGMENT.matcher(line);
        if (!segment.matches()) {
            finishCurve();
            text.append(line).append('\n');
            return;
        }
        String start = point(segment.group(2), segment.group(4));
        if (!segment.group(1).equals(style) || !start.equals(end)) {
            finishCurve();
            style = segment.group(1);
            points.append(start);
        }
        end = point(segment.group(3), segment.group(5));
        points.append(' ').append(end);
    }

    private static String point(String x, String y) {
        return rounded(x) + "," + rounded(y);
    }

    private static String rounded(String number) {
        return new BigDecimal(number)
                .setScale(DECIMALS, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    private void finishCurve() {
        if (!points.isEmpty()) {
            text.append("    <polyline points=\"")
                    .append(points)
                    .append("\" style=\"")
                    .append(style)
                    .append("stroke-linejoin:round;\"/>\n");
        }
        points.setLength(0);
        end = "";
    }
}
