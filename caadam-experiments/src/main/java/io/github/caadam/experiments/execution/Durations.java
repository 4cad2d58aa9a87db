// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.time.Duration;
import java.util.Locale;

/** Durations as people read them. */
public final class Durations {

    private Durations() {}

    /**
     * Formats a duration.
     *
     * @param duration the duration, or null if it is not known
     * @return such as {@code 1:02:03}, or {@code ?}
     */
    public static String format(Duration duration) {
        return duration == null
                ? "?"
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        duration.toHours(),
                        duration.toMinutesPart(),
                        duration.toSecondsPart());
    }
}
