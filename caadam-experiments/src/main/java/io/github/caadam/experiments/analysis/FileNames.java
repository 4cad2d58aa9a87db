// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Names of files that are made of the names of data sets, networks and metrics, whatever these
 * hold.
 *
 * @since 0.1.0
 */
public final class FileNames {

    private static final int MOST_CHARACTERS = 120;

    private final Set<String> used = new HashSet<>();

    /**
     * Returns a name for files.
     *
     * @param text any text
     * @return it in lower case, hyphens in place of all but letters from a to z and digits
     */
    public static String slug(String text) {
        String slug =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return slug.isEmpty()
                ? "unnamed"
                : slug.substring(0, Math.min(slug.length(), MOST_CHARACTERS));
    }

    /**
     * Returns a name that this method did not return before.
     *
     * @param name the name wanted
     * @return the name, with a number behind it if it is taken
     */
    public String unique(String name) {
        String free = name;
        for (int i = 2; !used.add(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }
}
