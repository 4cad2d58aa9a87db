// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import java.util.List;
import java.util.Locale;

/**
 * The style sheet's rules for the colours of configurations. On a dark page, a colour too dark to
 * be seen is lightened, and black, the first colour, becomes that of the text.
 */
final class PageColors {

    /** The dark page, {@code --page} of the style sheet. */
    static final String DARK_PAGE = "#14171b";

    /** The contrast that text of normal size needs (WCAG 2.2, 1.4.3). */
    static final double CONTRAST = 4.5;

    private static final String BLACK = "#000000";
    private static final double STEP = 0.05;

    private PageColors() {}

    /**
     * Writes the rules.
     *
     * @param colors the colours as {@code #rrggbb}; the i-th is that of the class {@code ki}
     * @return the rules
     */
    static String css(List<String> colors) {
        StringBuilder light = new StringBuilder();
        StringBuilder dark = new StringBuilder();
        for (int i = 0; i < colors.size(); i++) {
            String color = colors.get(i);
            boolean text = color.equals(BLACK);
            light.append(rule(i, text ? "var(--text)" : color));
            if (!text) {
                dark.append(rule(i, onDark(color)));
            }
        }
        return light + "@media screen and (prefers-color-scheme: dark) {\n" + dark + "}\n";
    }

    private static String rule(int index, String color) {
        return ".k" + index + " { --color: " + color + "; }\n";
    }

    /** Mixes a colour with white until it is seen on the dark page. */
    static String onDark(String color) {
        String lightened = color;
        for (double white = STEP; contrast(lightened, DARK_PAGE) < CONTRAST; white += STEP) {
            lightened = mixedWithWhite(color, white);
        }
        return lightened;
    }

    private static String mixedWithWhite(String color, double white) {
        StringBuilder mixed = new StringBuilder("#");
        for (int channel = 0; channel < 3; channel++) {
            long value = Math.round(channel(color, channel) * (1 - white) + 255 * white);
            mixed.append(String.format(Locale.ROOT, "%02x", value));
        }
        return mixed.toString();
    }

    /** The contrast ratio of two colours, from 1 to 21. */
    static double contrast(String one, String other) {
        double lighter = Math.max(luminance(one), luminance(other));
        double darker = Math.min(luminance(one), luminance(other));
        return (lighter + 0.05) / (darker + 0.05);
    }

    /** The relative luminance of sRGB. */
    private static double luminance(String color) {
        return 0.2126 * linear(channel(color, 0))
                + 0.7152 * linear(channel(color, 1))
                + 0.0722 * linear(channel(color, 2));
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static int channel(String color, int index) {
        int start = 1 + 2 * index;
        return Integer.parseInt(color.substring(start, start + 2), 16);
    }
}
